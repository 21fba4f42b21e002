import { decodeStart, type FrameTimeline } from '../segments/reach.ts';
import type { SegmentRange } from '../segments/segments.ts';
import type { SegmentWindow } from './encode-args.ts';

/**
 * Returns the frames to decode for a segment that is encoded by itself. Filters that look back get `margin` frames, which are
 * cut off afterwards. A network that looks at neighbours gets up to `context` frames on either side.
 */
export function segmentWindow(range: SegmentRange, source: FrameTimeline, margin: number, context = 0): SegmentWindow {
  const { start, end } = range;
  const before = Math.min(context, start);
  const after = Math.min(context, source.times.length - end);
  const wanted = start - before - Math.min(margin, start - before);
  // a film of fields is decoded from a whole frame, of which the first picture may be one too many
  const first = source.fields && !source.among ? wanted - (wanted % 2) : wanted;
  const lead = start - before - first;
  const frames = end === source.times.length ? undefined : end - start;
  return {
    ...decodeStart(first, source),
    lead,
    frames: frames === undefined ? undefined : before + frames + after,
    ...(context > 0 && { within: { before, frames } }),
  };
}

/** The times of a segment's frames, counted from its first frame. */
export function relativeTimes({ start, end }: SegmentRange, times: Float64Array): Float64Array {
  const origin = times[start] ?? 0;
  const relative = times.slice(start, end);
  for (let i = 0; i < relative.length; i++) relative[i] = (relative[i] ?? 0) - origin; // in place: ten hours of film are too large for another copy
  return relative;
}
