import { ranks } from '../bytes/sample-order.ts';
import { DISCARD, type FrameTimes, presentationTimes } from './frame-index.ts';

/** For each picture that is shown, in the order of showing, its number in the order of decoding. */
export type DecodingOrder = readonly number[];

/** Returns the order of packets by their times; those that are not shown are left out. */
export function orderByTimes(times: ArrayLike<number>, flags: ArrayLike<number>): DecodingOrder {
  const rows = Array.from({ length: times.length }, (_, i) => i).filter((i) => !((flags[i] ?? 0) & DISCARD));
  const ordered: number[] = new Array(rows.length).fill(0);
  for (const [i, place] of ranks(Float64Array.from(rows, (row) => times[row] ?? 0)).entries())
    ordered[place] = rows[i] ?? 0;
  return ordered;
}

/**
 * Returns the time at which the group of a picture begins to be shown, by the time of that picture: those that are decoded behind it and
 * shown before it belong to its group. It is the picture's own time where the index does not know it.
 */
export function groupStart(seconds: number, index: FrameTimes, order: DecodingOrder): number {
  const times = presentationTimes(index);
  const tick = index.timeBase.num / index.timeBase.den;
  const wanted = Math.round(seconds / tick);
  const place = placeOf(times, wanted);
  if (times[place] !== wanted) return seconds;
  let first = place;
  while (first > 0 && (order[first - 1] ?? 0) > (order[place] ?? 0)) first--;
  return (times[first] ?? wanted) * tick;
}

/** The place of the first time that is not below the wanted one. */
function placeOf(times: Float64Array, wanted: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
