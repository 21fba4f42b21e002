import { type FrameIndex, type FrameTimes, HASH_BYTES, KEY, presentationTimes } from '../film/frame-index.ts';

/** How long a segment is, shortest and longest, in seconds. */
export type SegmentLength = { readonly shortest: number; readonly longest: number };

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
  const keyframes = keyframePackets(index);
  const seconds = (candidate: number) => (index.pts[keyframes[candidate] ?? 0] ?? 0) * tick;
  const end = (times.at(-1) ?? 0) * tick;
  const borders = [0];
  let start = (times[0] ?? 0) * tick;
  let next = 0;
  while (end - start > length.longest) {
    while (next < keyframes.length && seconds(next) - start < length.shortest) next++;
    let chosen: number | undefined;
    for (let i = next; i < keyframes.length && seconds(i) - start <= length.longest; i++) {
      if (chosen === undefined || lower(index.hashes, keyframes[i] ?? 0, keyframes[chosen] ?? 0)) chosen = i;
    }
    if (chosen === undefined && index.from === 'packets') return undefined;
    chosen ??= next;
    if (chosen >= keyframes.length) break;
    borders.push(frameOf(index, times, keyframes[chosen] ?? 0));
    start = seconds(chosen);
  }
  return borders;
}

const keyframesByIndex = new WeakMap<FrameTimes, Uint32Array>();

/** Frames at which decoding may begin, ascending; worked out once for each index. */
export function keyframeNumbers(index: FrameTimes): Uint32Array {
  const numbers = keyframesByIndex.get(index) ?? computedKeyframeNumbers(index);
  keyframesByIndex.set(index, numbers);
  return numbers;
}

function computedKeyframeNumbers(index: FrameTimes): Uint32Array {
  const times = presentationTimes(index);
  return keyframePackets(index).map((packet) => frameOf(index, times, packet));
}

const frameOf = (index: FrameTimes, times: Float64Array, packet: number): number =>
  lowerBound(times, index.pts[packet] ?? Number.NaN);

/** In the order in which they are shown; a keyframe outside the edit list shows nothing. */
function keyframePackets({ flags, pts, count }: FrameTimes): Uint32Array {
  let length = 0;
  for (let packet = 0; packet < count; packet++) if (flags[packet] === KEY) length++;
  const found = new Uint32Array(length);
  let inOrder = true;
  for (let packet = 0, i = 0; packet < count; packet++) {
    if (flags[packet] !== KEY) continue;
    if (i > 0 && (pts[packet] ?? 0) < (pts[found[i - 1] ?? 0] ?? 0)) inOrder = false;
    found[i++] = packet;
  }
  // sorting by other numbers than its own boxes them all, and keyframes hardly ever come in another order
  return inOrder ? found : found.sort((a, b) => (pts[a] ?? 0) - (pts[b] ?? 0));
}

function lower(hashes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (hashes[a * HASH_BYTES + i] ?? 0) - (hashes[b * HASH_BYTES + i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a < b;
}

/** The first position in ascending `values` that is not below `value`. */
export function lowerBound(values: Float64Array | Uint32Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
