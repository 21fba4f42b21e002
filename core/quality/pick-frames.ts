import type { SampleWindow } from './sample.ts';

/** Returns the filters that keep the frames of the windows and their leads, where `landedOn` is the number of the first frame. */
export function pickFrames(landedOn: number, windows: readonly SampleWindow[]): string {
  const ranges = windows.map(({ startFrame, frames, lead }) => ({
    first: startFrame - lead - landedOn,
    last: startFrame + frames - 1 - landedOn,
  }));
  const wanted = ranges.map(({ first, last }) => `between(n,${first},${last})`).join('+');
  return `trim=end_frame=${(ranges.at(-1)?.last ?? -1) + 1},select='${wanted}'`;
}
