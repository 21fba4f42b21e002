import type { Rational } from '../units.ts';

/** The presentation times of one video stream's packets, in decode order. */
export type FrameTimes = {
  readonly from: 'packets' | 'frames';
  readonly timeBase: Rational;
  readonly count: number;
  /** Ticks of timeBase from the file's start (ffprobe's format start_time), from which ffmpeg counts as well. */
  readonly pts: Float64Array;
  /** The bits KEY and DISCARD of each packet. */
  readonly flags: Uint8Array;
};

/**
 * Every packet of one video stream in decode order, in columns, so that ten hours at 60 fps take less than 60 MB. It is made
 * from the packets without decoding, or from the decoded frames where the packets' times cannot be trusted.
 */
export type FrameIndex = FrameTimes & {
  readonly hashes: PacketHashes;
};

/** HASH_BYTES bytes for each packet, in memory, or in a file where a film has very many: two thirds of its index are hashes, which are rarely read. */
type PacketHashes = Uint8Array | { read(firstByte: number, endByte: number): Uint8Array };

/** The hashes of packets [first, end). They stay as they are until hashes of this index are asked for again. */
export function hashesOf({ hashes }: Pick<FrameIndex, 'hashes'>, first: number, end: number): Uint8Array {
  const [from, to] = [first * HASH_BYTES, end * HASH_BYTES];
  return hashes instanceof Uint8Array ? hashes.subarray(from, to) : hashes.read(from, to);
}

export const KEY = 1;
/** The packet is decoded but not shown, because it lies outside the edit list. */
export const DISCARD = 2;
export const HASH_BYTES = 16;

const known = new WeakMap<FrameTimes, Float64Array>();

/** Returns the times at which frames are shown, ascending, in ticks. The result is remembered for each index. */
export function presentationTimes(index: FrameTimes): Float64Array {
  const times = known.get(index) ?? sortedTimes(index);
  known.set(index, times);
  return times;
}

function sortedTimes(index: FrameTimes): Float64Array {
  if (isInOrder(index)) return index.pts; // a copy would add a fifth to the memory of a day-long film
  const times = new Float64Array(index.count); // Float64Array.filter would first box every number
  let shown = 0;
  for (let i = 0; i < index.count; i++) {
    if (!((index.flags[i] ?? 0) & DISCARD)) times[shown++] = index.pts[i] ?? 0;
  }
  return times.subarray(0, shown).sort();
}

/** Whether all packets are shown, in the order in which they are decoded. */
function isInOrder({ flags, pts, count }: FrameTimes): boolean {
  if (pts.length !== count) return false;
  for (let i = 0; i < count; i++) {
    if ((flags[i] ?? 0) & DISCARD || (i > 0 && (pts[i] ?? 0) < (pts[i - 1] ?? 0))) return false;
  }
  return true;
}
