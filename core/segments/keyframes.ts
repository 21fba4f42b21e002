/** Frames [start, end) of a film. */
type Frames = { readonly start: number; readonly end: number };

/** When the frames of a film are shown, in ticks, and how long a tick is. */
type FrameClock = { readonly times: Float64Array; readonly tickSeconds: number };

/** How far apart keyframes are: a number of frames, and the time that this number lasts at the film's frame rate. */
export type KeyframeDistance = { readonly frames: number; readonly seconds: number };

/** On a coarse clock, or with a frame missing now and then, as many frames last up to this much longer. */
const STEADY = 1.02;
/** The rounding of a clock of milliseconds. */
const ROUNDED = 1.001;

/**
 * Returns the keyframes of a segment, counted from its first frame, where counting frames alone would put them further apart
 * than `seconds` (a variable frame rate); undefined where counting is right. Each is the last frame within `seconds` of the
 * one before, or the next frame where that is further away. There are never more than `frames` frames between two.
 */
export function keyframesByTime(
  { start, end }: Frames,
  { times, tickSeconds }: FrameClock,
  { frames, seconds }: KeyframeDistance,
): readonly number[] | undefined {
  const apart = (from: number, to: number) => ((times[to] ?? 0) - (times[from] ?? 0)) * tickSeconds;
  const until = Math.min(end, times.length - 1); // the next segment begins with a keyframe
  let isSteady = true;
  for (let frame = start; frame + 1 < end && isSteady; frame += frames)
    isSteady = apart(frame, Math.min(frame + frames, until)) <= seconds * STEADY;
  if (isSteady) return undefined;
  const found = [0];
  let last = start;
  const put = (frame: number) => {
    last = frame;
    found.push(frame - start);
  };
  for (let frame = start + 1; frame < end; frame++) {
    if (apart(last, frame) > seconds * ROUNDED && frame - 1 > last) put(frame - 1);
    if (apart(last, frame) > seconds * ROUNDED || frame - last === frames) put(frame);
  }
  if (apart(last, until) > seconds * ROUNDED && end - 1 > last) put(end - 1);
  return found;
}

/** Returns the segments cut at their keyframes, so that each keyframe is a segment's first frame. */
export const rangesBetweenKeyframes = (
  segments: readonly (Frames & { readonly keyframes?: readonly number[] })[],
): readonly Frames[] =>
  segments.flatMap(({ start, end, keyframes = [0] }) =>
    keyframes.map((frame, i) => ({ start: start + frame, end: start + (keyframes[i + 1] ?? end - start) })),
  );

/** Returns the keyframes of a film by the number of the frame, ascending. `keyframes` are those of keyframesByTime. */
export const plannedKeyframes = (
  segments: readonly (Frames & { readonly keyframes?: readonly number[] })[],
  every: number,
): readonly number[] =>
  segments.flatMap(({ start, end, keyframes }) =>
    keyframes
      ? keyframes.map((frame) => start + frame)
      : Array.from({ length: Math.ceil((end - start) / every) }, (_, i) => start + i * every),
  );
