/**
 * A key, length and value of GPMF (GoPro, GPMF Introduction): how the value's elements are written, the bytes of one, and all of
 * them. Values inside values have type 0.
 */
type Klv = { readonly key: string; readonly type: string; readonly size: number; readonly value: Buffer };

/** Where a camera was. Time is in milliseconds of UTC; the fix is that of the receiver, 0 without one. */
export type GpsPoint = {
  readonly lat: number;
  readonly lon: number;
  /** Undefined where the camera does not say it. */
  readonly ele: number | undefined;
  readonly time: number | undefined;
  readonly fix: number | undefined;
  /** The dilution of precision: how far satellites stand apart, 1 to 5 is good. */
  readonly dop: number | undefined;
};

/** The positions of one stream of a sample. Where they have no times of their own, `time` is that of the first. */
export type Positions = { readonly time: number | undefined; readonly points: readonly GpsPoint[] };

type SampleRead = {
  readonly positions: readonly Positions[];
  /** Whether a part of the sample is no GPMF. */
  readonly isDamaged: boolean;
};

const HEADER = 8;
const NESTED = '\0';

/**
 * Reads the positions in a sample: every stream with GPS5 (up to HERO10) or GPS9 (from HERO11 on). Of a damaged sample it reads what
 * stands before the damage.
 */
export function positionsIn(sample: Buffer): SampleRead {
  const { klvs, isDamaged } = klvsIn(sample);
  const found = klvs.map(({ key, type, value }): SampleRead => {
    if (type !== NESTED) return { positions: [], isDamaged: false };
    if (key !== 'STRM') return positionsIn(value);
    const inner = klvsIn(value);
    const positions = positionsOfStream(inner.klvs);
    return { positions: positions ? [positions] : [], isDamaged: inner.isDamaged };
  });
  return {
    positions: found.flatMap(({ positions }) => positions),
    isDamaged: isDamaged || found.some((each) => each.isDamaged),
  };
}

/** Whether a position can be one: a divisor of 0 or damage makes others. */
export const isOnEarth = ({ lat, lon, ele }: GpsPoint): boolean =>
  Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && Math.abs(ele ?? 0) < 100_000;

/**
 * Returns keys and values up to the end, or to a key of 0, behind which is padding. What does not begin with a key of four letters is
 * damage, and so is a value that reaches past the end; values inside that one are read as far as they go.
 */
function klvsIn(bytes: Buffer): { readonly klvs: readonly Klv[]; readonly isDamaged: boolean } {
  const klvs: Klv[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.subarray(at, at + 4).every((byte) => byte === 0)) break;
    const key = bytes.toString('latin1', at, at + 4);
    if (at + HEADER > bytes.length || !/^[A-Za-z0-9 _]{4}$/.test(key)) return { klvs, isDamaged: true };
    const size = bytes.readUInt8(at + 5);
    const type = bytes.toString('latin1', at + 4, at + 5);
    const begin = at + HEADER;
    const end = begin + size * bytes.readUInt16BE(at + 6);
    const isCut = end > bytes.length;
    if (!isCut || type === NESTED) klvs.push({ key, type, size, value: bytes.subarray(begin, end) });
    if (isCut) return { klvs, isDamaged: true };
    at = begin + 4 * Math.ceil((end - begin) / 4); // values are filled up to 32 bits
  }
  return { klvs, isDamaged: false };
}

function positionsOfStream(klvs: readonly Klv[]): Positions | undefined {
  const named = (name: string) => klvs.findLast(({ key }) => key === name);
  const [scales, fix, dop, utc] = [named('SCAL'), named('GPSF'), named('GPSP'), named('GPSU')];
  const divisors = scales
    ? numbersIn(scales.value, scales.type.repeat(scales.value.length / widthOf(scales.type) || 0))
    : [];
  const gps9 = named('GPS9');
  if (gps9) {
    const types = named('TYPE')?.value.toString('latin1').replace(/\0+$/, '') ?? '';
    const rows = rowsOf(gps9, types, divisors).filter((row) => row.length >= 9);
    return { time: undefined, points: rows.map(pointOf9) };
  }
  const gps5 = named('GPS5');
  if (!gps5) return undefined;
  const [told] = fix ? numbersIn(fix.value, fix.type) : [];
  const [precision] = dop ? numbersIn(dop.value, dop.type) : [];
  const points = rowsOf(gps5, gps5.type.repeat(gps5.size / widthOf(gps5.type) || 0), divisors).map(
    ([lat = Number.NaN, lon = Number.NaN, ele = 0]): GpsPoint => {
      return { lat, lon, ele, time: undefined, fix: told, dop: precision === undefined ? undefined : precision / 100 };
    },
  );
  return { time: utc ? timeOf(utc.value.toString('latin1')) : undefined, points };
}

/** GPS9: latitude, longitude, altitude, two speeds, days since 2000, seconds since midnight, dilution of precision, fix. */
const pointOf9 = ([
  lat = Number.NaN,
  lon = Number.NaN,
  ele = 0,
  ,
  ,
  days = 0,
  seconds = 0,
  dop,
  fix,
]: readonly number[]): GpsPoint => {
  return { lat, lon, ele, time: timeOfDay(days, Math.round(seconds * 1000)), fix, dop };
};

const DAY_MS = 86_400_000;
/** The last second of a day may be one more. */
const LONGEST_DAY_MS = DAY_MS + 1000;
/** Text of a date later than this has more than four digits of a year. */
const LATEST = Date.UTC(9999, 0, 1);

/** Days since 2000 and milliseconds since midnight; no time for what no clock shows. */
function timeOfDay(days: number, ms: number): number | undefined {
  const time = Date.UTC(2000, 0, 1) + days * DAY_MS + ms;
  return days >= 0 && ms >= 0 && ms < LONGEST_DAY_MS && time < LATEST ? time : undefined;
}

/** "yymmddhhmmss.sss", of years from 2000 on; no time for a date that no calendar has. */
function timeOf(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d\.\d+)/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  const midnight = new Date(Date.UTC(2000 + year, month - 1, day));
  const isDate = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  if (!isDate || hour > 23 || minute > 59 || second >= 61) return undefined;
  return midnight.getTime() + (hour * 60 + minute) * 60_000 + Math.round(second * 1000);
}

/** The elements of a value as numbers, each divided by its own divisor or by the only one. */
function rowsOf({ size, value }: Klv, types: string, divisors: readonly number[]): readonly (readonly number[])[] {
  if (size === 0 || [...types].reduce((sum, type) => sum + widthOf(type), 0) !== size) return [];
  return Array.from({ length: Math.floor(value.length / size) }, (_, i) =>
    numbersIn(value.subarray(i * size, (i + 1) * size), types).map(
      (number, field) => number / ((divisors.length === 1 ? divisors[0] : divisors[field]) ?? 1),
    ),
  );
}

type NumberReader = { readonly width: number; readonly read: (bytes: Buffer, at: number) => number };

const READERS: Readonly<Record<string, NumberReader>> = {
  b: { width: 1, read: (bytes, at) => bytes.readInt8(at) },
  B: { width: 1, read: (bytes, at) => bytes.readUInt8(at) },
  s: { width: 2, read: (bytes, at) => bytes.readInt16BE(at) },
  S: { width: 2, read: (bytes, at) => bytes.readUInt16BE(at) },
  l: { width: 4, read: (bytes, at) => bytes.readInt32BE(at) },
  L: { width: 4, read: (bytes, at) => bytes.readUInt32BE(at) },
  f: { width: 4, read: (bytes, at) => bytes.readFloatBE(at) },
  d: { width: 8, read: (bytes, at) => bytes.readDoubleBE(at) },
};

const widthOf = (type: string) => READERS[type]?.width ?? Number.NaN;

/** Reads one number for each letter of `types`, as many as there are bytes for. */
function numbersIn(bytes: Buffer, types: string): readonly number[] {
  const numbers: number[] = [];
  let at = 0;
  for (const type of types) {
    const reader = READERS[type];
    if (!reader || at + reader.width > bytes.length) break;
    numbers.push(reader.read(bytes, at));
    at += reader.width;
  }
  return numbers;
}
