import { type FrameIndex, type FrameTimes, HASH_BYTES, hashesOf, KEY, presentationTimes } from '../film/frame-index.ts';

/** The shortest and the longest duration of a segment, in seconds. */
export type SegmentLength = { readonly shortest: number; readonly longest: number };

/**
 * The frame numbers at which segments begin, in presentation order; the first is 0. A border is the keyframe with the
 * lowest packet hash in [shortest, longest] from the last border, so that borders behind an insertion do not depend on
 * what is before it. Returns undefined where such a range of packets holds no keyframe: then the frames must be indexed
 * by decoding. Where decoded frames are further apart than `longest` (slides), the next frame is a border.
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
    let behind = next;
    while (behind < keyframes.length && seconds(behind) - start <= length.longest) behind++;
    const lowest = lowestOf(index, keyframes.subarray(next, behind));
    let chosen = lowest === undefined ? undefined : next + lowest;
    if (chosen === undefined && index.from === 'packets') return undefined;
    chosen ??= next;
    if (chosen >= keyframes.length) break;
    borders.push(frameOf(index, times, keyframes[chosen] ?? 0));
    start = seconds(chosen);
  }
  return borders;
}

const keyframesByIndex = new WeakMap<FrameTimes, Uint32Array>();

/** The numbers of frames at which decoding may begin, ascending; computed once for each index. */
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

/**
 * The packets of all keyframes that are shown, in presentation order. Keyframes outside of the edit list also have the
 * flag DISCARD.
 */
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
  // a comparison function makes sort box all numbers, and keyframes are hardly ever in another order
  return inOrder ? found : found.sort((a, b) => (pts[a] ?? 0) - (pts[b] ?? 0));
}

/** Which of these packets has the lowest hash; the first in the file of equal ones. Undefined where there is none. */
function lowestOf(index: FrameIndex, packets: Uint32Array): number | undefined {
  if (packets.length === 0) return undefined;
  const first = packets.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const hashes = hashesOf(index, first, packets.reduce((most, each) => Math.max(most, each), 0) + 1);
  const at = (i: number) => (packets[i] ?? 0) - first;
  let lowest = 0;
  for (let i = 1; i < packets.length; i++) if (lower(hashes, at(i), at(lowest))) lowest = i;
  return lowest;
}

function lower(hashes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (hashes[a * HASH_BYTES + i] ?? 0) - (hashes[b * HASH_BYTES + i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a < b;
}

/** The first index in ascending `values` whose value is not below `value`; the length if there is none. */
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
