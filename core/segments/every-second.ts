import type { SegmentRange, SourceCut } from './segments.ts';

/**
 * The cut of which every second frame is taken. Its frames are numbered anew, and it is cut at the same times. The borders
 * must be even, as those of `evenBorders`.
 */
export function everySecond(cut: SourceCut): SourceCut {
  const half = (frame: number) => Math.ceil(frame / 2);
  const times = new Float64Array(half(cut.times.length)); // Float64Array.filter would first box every number
  for (let i = 0; i < times.length; i++) times[i] = cut.times[2 * i] ?? 0;
  return {
    ...cut,
    times,
    ranges: cut.ranges.map(({ start, end }) => ({ start: half(start), end: half(end) })),
    among: { times: cut.times, every: 2 },
  };
}

/** The cut with every border at a frame that `everySecond` takes, so that rungs with all frames are cut at the same times. */
export function evenBorders(cut: SourceCut): SourceCut {
  const even = (frame: number) => (frame === cut.times.length ? frame : frame + (frame % 2));
  const ranges = cut.ranges.map(({ start, end }) => ({ start: even(start), end: even(end) }));
  return { ...cut, ranges: ranges.filter(({ start, end }) => start < end) };
}

/** The frames of the whole file that lie in a segment of it. */
export function wholeRange({ start, end }: SegmentRange, { times, among, fields }: SourceCut): SegmentRange {
  const pictures = among
    ? { start: start * among.every, end: end === times.length ? among.times.length : end * among.every }
    : { start, end };
  return fields ? { start: Math.floor(pictures.start / 2), end: Math.ceil(pictures.end / 2) } : pictures;
}

/** A clock rounds each time to a tick, so that two neighbours may be this many ticks off. */
const ROUNDING_TICKS = 1 + 1e-6;
/** So many ticks last a frame at least where they are a clock; coarser ticks count frames, and are exact. */
const CLOCK_TICKS = 4;

/** Returns how many frames a second follow each other, undefined where that varies by more than the clock's rounding. */
export function steadyRate(times: Float64Array, tickSeconds: number): number | undefined {
  const mean = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
  if (!(mean > 0)) return undefined;
  const most = mean < CLOCK_TICKS ? ROUNDING_TICKS - 1 : ROUNDING_TICKS;
  const isSteady = times.every((time, i) => i === 0 || Math.abs(time - (times[i - 1] ?? 0) - mean) <= most);
  return isSteady ? 1 / (mean * tickSeconds) : undefined;
}
