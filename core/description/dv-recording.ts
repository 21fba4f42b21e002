import { type RecordingTime, zoneText } from './recording-time.ts';

const BLOCK_BYTES = 80;
/** A sequence of DIF blocks (IEC 61834-2): a header, two blocks of subcode, three of VAUX, and sound and picture. */
const SEQUENCE_BLOCKS = 150;
/** Where packs lie in a block: six of a subcode block, eight bytes apart behind their numbers, and fifteen of a VAUX block. */
const SUBCODE = { blocks: [1, 2], first: 6, apart: 8, count: 6 } as const;
const VAUX = { blocks: [3, 4, 5], first: 3, apart: 5, count: 15 } as const;
const [REC_DATE, REC_TIME] = [0x62, 0x63];
/** DV is of 1995; years are told by two digits. */
const FIRST_YEAR = 80;

type Digits = readonly [number, number, number];

/**
 * Reads when DV was recorded from a part of a file that holds it as it is, whatever container that is of: the date and the time that the
 * camera wrote beside its pictures, the first that are whole. A clock without a zone is taken for UTC, as in other containers.
 */
export function dvRecordingTime(bytes: Buffer): RecordingTime | undefined {
  let [date, time]: [Digits | undefined, Digits | undefined] = [undefined, undefined];
  let zone: number | undefined;
  for (let at = nextHeader(bytes, 0); at >= 0; at = nextHeader(bytes, at + SEQUENCE_BLOCKS * BLOCK_BYTES)) {
    if (isFirstOfFrame(bytes, at)) [date, time, zone] = [undefined, undefined, undefined];
    for (const pack of packsAt(bytes, at)) {
      const [kind, first = 0, low = 0, middle = 0, high = 0] = pack;
      if (kind === REC_DATE) zone ??= zoneMinutes(first);
      if (kind === REC_DATE) date ??= digits([high, middle & 0x1f, low & 0x3f]);
      if (kind === REC_TIME) time ??= digits([high & 0x3f, middle & 0x7f, low & 0x7f]);
    }
    const told = date && time && isoOf(date, time);
    if (told !== undefined && zone === undefined) return { utc: `${told}.000Z`, local: told };
    if (told !== undefined && zone !== undefined)
      return { utc: new Date(Date.parse(`${told}Z`) - zone * 60_000).toISOString(), local: `${told}${zoneText(zone)}` };
  }
  return undefined;
}

/** A bit is 0 in summer time, and the next where half an hour is added. */
const [NORMAL_TIME, WHOLE_HOUR] = [0x80, 0x40];
/** Zones are counted eastwards, so that New York has 19; 13 hours and more lie west of Greenwich. */
const EASTMOST_HOURS = 13;

/** The zone of a date in minutes (IEC 61834-4 9.3); undefined where its byte says none: all bits are set, as most cameras write it, or none is. */
function zoneMinutes(byte: number): number | undefined {
  const hours = 10 * ((byte >> 4) & 3) + (byte & 0x0f);
  if (byte === 0 || hours > 23 || (byte & 0x0f) > 9) return undefined;
  const east = hours < EASTMOST_HOURS ? hours : hours - 24;
  return 60 * (east + (byte & NORMAL_TIME ? 0 : 1)) + (byte & WHOLE_HOUR ? 0 : 30);
}

/** The upper three bits of a block say of what kind it is: a header, subcode, VAUX. */
const KIND_BITS = 5;

/** Where the next header block begins that blocks of subcode and VAUX follow; -1 where there is none. */
function nextHeader(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0x1f, from); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (at + SEQUENCE_BLOCKS * BLOCK_BYTES > bytes.length) return -1;
    if ((bytes[at + BLOCK_BYTES] ?? 0) >> KIND_BITS !== 1) continue;
    const kinds = [0, 1, 3].map((block) => (bytes[at + block * BLOCK_BYTES] ?? 0) >> KIND_BITS);
    const numbers = [0, 1, 3].map((block) => bytes[at + block * BLOCK_BYTES + 2]);
    if (kinds.join() === '0,1,2' && numbers.join() === '0,0,0') return at;
  }
  return -1;
}

/** The upper half of the second byte counts the sequences of a frame. */
const isFirstOfFrame = (bytes: Buffer, at: number): boolean => (bytes[at + 1] ?? 0) >> 4 === 0;

function packsAt(bytes: Buffer, at: number): readonly Buffer[] {
  return [SUBCODE, VAUX].flatMap(({ blocks, first, apart, count }) =>
    blocks.flatMap((block) =>
      Array.from({ length: count }, (_, i) => {
        const pack = at + block * BLOCK_BYTES + first + apart * i;
        return bytes.subarray(pack, pack + 5);
      }),
    ),
  );
}

/** Numbers of two decimal digits in half bytes; undefined where one is none, as in a pack without information. */
function digits(coded: Digits): Digits | undefined {
  const numbers = coded.map((byte) => (byte & 0x0f) + 10 * (byte >> 4));
  const [first = 0, second = 0, third = 0] = numbers;
  return coded.every((byte) => (byte & 0x0f) < 10 && byte >> 4 < 10) ? [first, second, third] : undefined;
}

function isoOf([year, month, day]: Digits, [hour, minute, second]: Digits): string | undefined {
  const two = (value: number) => `${value}`.padStart(2, '0');
  const whole = (year < FIRST_YEAR ? 2000 : 1900) + year;
  const written = `${whole}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  const ms = Date.parse(`${written}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(written) ? written : undefined;
}
