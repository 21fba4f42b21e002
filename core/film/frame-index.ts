import type { Rational } from '../units.ts';

/** When the packets of one video stream are shown, in decode order. */
export type FrameTimes = {
  readonly from: 'packets' | 'frames';
  readonly timeBase: Rational;
  readonly count: number;
  /** In ticks of timeBase, from the file's start (ffprobe's format start_time): what ffmpeg counts from, too. */
  readonly pts: Float64Array;
  /** Bits: KEY, DISCARD. */
  readonly flags: Uint8Array;
};

/**
 * Every packet of one video stream in decode order, in columns, so that ten hours at 60 fps stay under 60 MB.
 * Made from the packets (nothing decoded), or from the decoded frames themselves where packets cannot be trusted.
 */
export type FrameIndex = FrameTimes & {
  /** 16 bytes a packet. */
  readonly hashes: Uint8Array;
};

export const KEY = 1;
/** Decoded but not shown: it lies outside the edit list. */
export const DISCARD = 2;
export const HASH_BYTES = 16;

const known = new WeakMap<FrameTimes, Float64Array>();

/** The times at which frames are shown, ascending, in ticks; worked out once for each index. */
export function presentationTimes(index: FrameTimes): Float64Array {
  const times = known.get(index) ?? sortedTimes(index);
  known.set(index, times);
  return times;
}

function sortedTimes(index: FrameTimes): Float64Array {
  if (isInOrder(index)) return index.pts; // a second copy would be a fifth of what a day of film takes
  const times = new Float64Array(index.count); // its own filter would first box every number
  let shown = 0;
  for (let i = 0; i < index.count; i++) {
    if (!((index.flags[i] ?? 0) & DISCARD)) times[shown++] = index.pts[i] ?? 0;
  }
  return times.subarray(0, shown).sort();
}

/** All are shown, in the order in which they are decoded. */
function isInOrder({ flags, pts, count }: FrameTimes): boolean {
  if (pts.length !== count) return false;
  for (let i = 0; i < count; i++) {
    if ((flags[i] ?? 0) & DISCARD || (i > 0 && (pts[i] ?? 0) < (pts[i - 1] ?? 0))) return false;
  }
  return true;
}
