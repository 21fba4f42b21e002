import type { SegmentWindow } from '../encode/encode-args.ts';
import { type Reachable, reach } from './reach.ts';
import type { SegmentRange } from './segments.ts';

/** How a segment is made by itself. Filters that look back are given `margin` frames to look at, then cut off. */
export function segmentWindow(range: SegmentRange, source: Reachable, margin: number): SegmentWindow {
  const lead = Math.min(margin, range.start);
  const isLast = range.end === source.times.length;
  return {
    ...reach(range.start - lead, source),
    lead,
    frames: isLast ? undefined : range.end - range.start,
  };
}

/** A segment's own times, from its first frame. */
export function relativeTimes({ start, end }: SegmentRange, times: Float64Array): Float64Array {
  const origin = times[start] ?? 0;
  const relative = times.slice(start, end);
  for (let i = 0; i < relative.length; i++) relative[i] = (relative[i] ?? 0) - origin; // a second copy would count in ten hours of film
  return relative;
}
