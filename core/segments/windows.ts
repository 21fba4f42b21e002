import type { SegmentWindow } from '../encode/encode-args.ts';
import type { SegmentRange } from './segments.ts';

/**
 * How a segment is reached by seeking: to half-way between the frame before it and its first, so that rounding to
 * microseconds cannot take one for the other. Filters that look back are given `margin` frames to look at, then cut off.
 */
export function segmentWindow(
  range: SegmentRange,
  times: Float64Array,
  tickSeconds: number,
  margin: number,
): SegmentWindow {
  const lead = Math.min(margin, range.start);
  const first = range.start - lead;
  const seekTicks = first === 0 ? undefined : ((times[first - 1] ?? 0) + (times[first] ?? 0)) / 2;
  return {
    seekSeconds: seekTicks === undefined ? undefined : seekTicks * tickSeconds,
    lead,
    frames: range.end === times.length ? undefined : range.end - range.start,
  };
}

/** A segment's own times, from its first frame. */
export function relativeTimes({ start, end }: SegmentRange, times: Float64Array): Float64Array {
  const origin = times[start] ?? 0;
  const relative = times.slice(start, end);
  for (let i = 0; i < relative.length; i++) relative[i] = (relative[i] ?? 0) - origin; // a second copy would count in ten hours of film
  return relative;
}
