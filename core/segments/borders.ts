import type { SegmentLength } from '../recipes/settings.ts';
import { type FrameIndex, HASH_BYTES, KEY } from './frame-index.ts';

/**
 * Where segments begin, as frame numbers in presentation order; the first is 0. A border is the keyframe with the lowest
 * packet hash in [shortest, longest] from the last border: what stands before an insertion does not move the borders
 * behind it. Undefined where some window of packets holds no keyframe: then the frames must be indexed by decoding. Where
 * decoded frames lie further apart than that (slides), the next one is taken.
 */
export function contentBorders(
  index: FrameIndex,
  times: Float64Array,
  length: SegmentLength,
): readonly number[] | undefined {
  const tick = index.timeBase.num / index.timeBase.den;
  const candidates = keyframes(index, times);
  const end = (times.at(-1) ?? 0) * tick;
  const borders = [0];
  let start = (times[0] ?? 0) * tick;
  let next = 0;
  while (end - start > length.longest) {
    while (next < candidates.length && at(candidates, next).seconds - start < length.shortest) next++;
    let chosen: Candidate | undefined;
    for (let i = next; i < candidates.length && at(candidates, i).seconds - start <= length.longest; i++) {
      const candidate = at(candidates, i);
      if (!chosen || lower(index.hashes, candidate.packet, chosen.packet)) chosen = candidate;
    }
    if (!chosen && index.from === 'frames') chosen = candidates[next];
    if (!chosen && index.from === 'frames') break;
    if (!chosen) return undefined;
    borders.push(chosen.frame);
    start = chosen.seconds;
  }
  return borders;
}

type Candidate = { readonly packet: number; readonly frame: number; readonly seconds: number };

function keyframes(index: FrameIndex, times: Float64Array): readonly Candidate[] {
  const tick = index.timeBase.num / index.timeBase.den;
  const found: Candidate[] = [];
  for (let packet = 0; packet < index.count; packet++) {
    if (index.flags[packet] !== KEY) continue; // a keyframe outside the edit list shows nothing
    const pts = index.pts[packet] ?? Number.NaN;
    found.push({ packet, frame: lowerBound(times, pts), seconds: pts * tick });
  }
  return found.sort((a, b) => a.frame - b.frame);
}

/** Frames at which decoding may begin, ascending. */
export function keyframeNumbers(index: FrameIndex, times: Float64Array): Uint32Array {
  const found = new Uint32Array(index.count);
  let count = 0;
  for (let packet = 0; packet < index.count; packet++) {
    if (index.flags[packet] === KEY) found[count++] = lowerBound(times, index.pts[packet] ?? Number.NaN);
  }
  return found.subarray(0, count).sort();
}

function at<T>(list: readonly T[], i: number): T {
  const item = list[i];
  if (item === undefined) throw new RangeError(`no element ${i} of ${list.length}`);
  return item;
}

function lower(hashes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (hashes[a * HASH_BYTES + i] ?? 0) - (hashes[b * HASH_BYTES + i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a < b;
}

/** The first position in ascending `values` that is not below `value`. */
export function lowerBound(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
