import type { Rational } from '../units.ts';
import { DISCARD, type FrameIndex, type FrameTimes, HASH_BYTES, KEY } from './frame-index.ts';

/** Ten days at 240 frames a second. This reserves address space only; memory is used as frames are added. */
const MOST_FRAMES = 240 * 86_400 * 10;
const STEP = 1 << 16;

type TimeColumns = {
  readonly count: number;
  add(pts: number, flags: number): void;
  index(from: FrameTimes['from'], timeBase: Rational): FrameTimes;
};

type FrameColumns = {
  readonly count: number;
  /** Adds a frame. `hash` is hexadecimal; its first 16 bytes are kept. */
  add(pts: number, flags: number, hash: string): void;
  index(from: FrameIndex['from'], timeBase: Rational): FrameIndex;
};

/** Collects frame times in columns that grow in place, since a copy would double the memory of a long film. */
export function timeColumns(): TimeColumns {
  const ptsBytes = new ArrayBuffer(0, { maxByteLength: MOST_FRAMES * 8 });
  const flagBytes = new ArrayBuffer(0, { maxByteLength: MOST_FRAMES });
  const pts = new Float64Array(ptsBytes);
  const flags = new Uint8Array(flagBytes);
  let count = 0;
  const resize = (frames: number) => {
    ptsBytes.resize(frames * 8);
    flagBytes.resize(frames);
  };
  return {
    get count() {
      return count;
    },
    add(time, bits) {
      if (count === flags.length) resize(count + STEP);
      pts[count] = time;
      flags[count] = bits;
      count++;
    },
    index(from, timeBase) {
      resize(count);
      return { from, timeBase, count, pts, flags };
    },
  };
}

/**
 * Collects frame times whose order of decoding nobody asks for. The index holds the frames that are shown, in the order of showing, so
 * that no second list of their times is made, which took a fifth of the memory for a day-long film with B-frames.
 */
export function shownColumns(): TimeColumns {
  const columns = timeColumns();
  return {
    get count() {
      return columns.count;
    },
    add: columns.add,
    index: (from, timeBase) => inShownOrder(columns.index(from, timeBase)),
  };
}

/** Sorts the columns themselves. While they are sorted, a time carries the bit of its keyframe. */
function inShownOrder(index: FrameTimes): FrameTimes {
  const { pts, flags } = index;
  let shown = 0;
  for (let i = 0; i < index.count; i++) {
    const bits = flags[i] ?? 0;
    if (!(bits & DISCARD)) pts[shown++] = 2 * (pts[i] ?? 0) + (bits & KEY ? 1 : 0);
  }
  const times = pts.subarray(0, shown).sort();
  for (let i = 0; i < shown; i++) {
    const both = times[i] ?? 0;
    const time = Math.floor(both / 2);
    flags[i] = both > 2 * time ? KEY : 0;
    times[i] = time;
  }
  return { ...index, count: shown, pts: times, flags: flags.subarray(0, shown) };
}

/** A file to which bytes are added, and of which they are read again. */
export type Spool = {
  append(bytes: Uint8Array): void;
  /** The bytes stay as they are until the next call. */
  read(firstByte: number, endByte: number): Uint8Array;
};

/** Collects frame times together with the hash of each frame. With a spool, the hashes of a long film do not stay in memory. */
export function frameColumns(spool?: Spool): FrameColumns {
  const times = timeColumns();
  const hashes = hashColumn(spool);
  return {
    get count() {
      return times.count;
    },
    add(time, bits, hash) {
      hashes.add(hash);
      times.add(time, bits);
    },
    index: (from, timeBase) => ({ ...times.index(from, timeBase), hashes: hashes.found() }),
  };
}

/** So many bytes of hashes stay in memory: those of a film of about five hours. */
const MOST_HASH_BYTES = (1 << 19) * HASH_BYTES;

function hashColumn(spool: Spool | undefined) {
  const buffer = new ArrayBuffer(0, { maxByteLength: MOST_FRAMES * HASH_BYTES });
  const bytes = new Uint8Array(buffer);
  let [held, isSpooled] = [0, false];
  const append = (to: Spool) => {
    to.append(bytes.subarray(0, held));
    [held, isSpooled] = [0, true];
  };
  return {
    add(hash: string) {
      if (held === MOST_HASH_BYTES && spool) append(spool);
      if (held === bytes.length) buffer.resize(held + STEP * HASH_BYTES);
      for (let i = 0; i < HASH_BYTES; i++) bytes[held++] = Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16);
    },
    found(): FrameIndex['hashes'] {
      if (isSpooled && spool) append(spool);
      buffer.resize(held);
      return isSpooled && spool ? spool : bytes;
    },
  };
}
