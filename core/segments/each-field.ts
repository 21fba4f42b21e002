import { isGappy, usualGap } from '../film/frame-gaps.ts';
import type { FrameIndex } from '../film/frame-index.ts';
import type { SourceCut } from './segments.ts';

/** A film's index and cut in ticks half as long, in which there is a time between any two frames. */
type HalfTicks = { readonly index: FrameIndex; readonly cut: SourceCut };

/**
 * The film with two pictures of each frame, one of each field: the first at the frame's own time, the second half a frame
 * later. How long a frame lasts is told by the next frame, and where that comes late (a gap, a variable rate), by most frames.
 */
export function eachField(index: FrameIndex, cut: SourceCut): HalfTicks {
  const { num, den } = index.timeBase;
  const halved = { ...index, timeBase: { num, den: 2 * den }, pts: index.pts.map((ticks) => 2 * ticks) };
  const frames = cut.times.map((ticks) => 2 * ticks);
  const longest = isGappy(cut.times) ? usualGap(cut.times) : undefined;
  const times = new Float64Array(2 * frames.length);
  for (const [i, time] of frames.entries()) {
    times[2 * i] = time;
    times[2 * i + 1] = time + Math.min(gapAfter(i, cut.times), longest ?? Number.POSITIVE_INFINITY);
  }
  const ranges = cut.ranges.map(({ start, end }) => ({ start: 2 * start, end: 2 * end }));
  return { index: halved, cut: { ...cut, times, ranges, fields: { times: frames } } };
}

/** How many ticks there are from a frame to the next, which is as many half ticks as to the time between them. */
const gapAfter = (i: number, times: Float64Array): number =>
  i + 1 < times.length ? (times[i + 1] ?? 0) - (times[i] ?? 0) : (times[i] ?? 0) - (times[i - 1] ?? 0);
