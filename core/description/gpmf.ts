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

/** The positions of one payload. Where they have no times of their own, `time` is that of the first. */
export type Positions = { readonly time: number | undefined; readonly points: readonly GpsPoint[] };

export const KLV_HEADER = 8;

/** Returns how many bytes a key with its length and value takes, by its header; values are filled up to 32 bits. */
export const klvBytes = (header: Buffer, at = 0): number =>
  KLV_HEADER + 4 * Math.ceil((header.readUInt8(at + 5) * header.readUInt16BE(at + 6)) / 4);

/** Reads the positions in a payload: every stream with GPS5 (up to HERO10) or GPS9 (from HERO11 on). */
export function positionsIn(payload: Buffer): readonly Positions[] {
  return [...klvsIn(payload)].flatMap(({ key, type, value }) => {
    if (type !== NESTED) return [];
    if (key !== 'STRM') return positionsIn(value);
    const found = positionsOfStream([...klvsIn(value)]);
    return found ? [found] : [];
  });
}

const NESTED = '\0';

/** Yields keys and values up to one that reaches past the end. */
function* klvsIn(bytes: Buffer): Generator<Klv> {
  for (let at = 0; at + KLV_HEADER <= bytes.length; ) {
    const size = bytes.readUInt8(at + 5);
    const end = at + KLV_HEADER + size * bytes.readUInt16BE(at + 6);
    if (end > bytes.length) return;
    const [key, type] = [bytes.toString('latin1', at, at + 4), bytes.toString('latin1', at + 4, at + 5)];
    yield { key, type, size, value: bytes.subarray(at + KLV_HEADER, end) };
    at += klvBytes(bytes, at);
  }
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
    return { time: undefined, points: rows.map(pointOf9).filter(isOnEarth) };
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
  return { time: utc ? timeOf(utc.value.toString('latin1')) : undefined, points: points.filter(isOnEarth) };
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
  return { lat, lon, ele, time: Date.UTC(2000, 0, 1) + days * 86_400_000 + Math.round(seconds * 1000), fix, dop };
};

const isOnEarth = ({ lat, lon, ele, time }: GpsPoint) =>
  Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && Math.abs(ele ?? 0) < 100_000 && (time === undefined || time < LATEST);
/** Text of a date later than this has more than four digits of a year. */
const LATEST = Date.UTC(9999, 0, 1);

/** "yymmddhhmmss.sss", of years from 2000 on. */
function timeOf(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d\.\d+)/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || second === undefined) return undefined;
  return Date.UTC(2000 + year, month - 1, day, hour, minute) + Math.round(second * 1000);
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
