import type { Pass, Reach } from './compare-args.ts';
import type { SampleWindow } from './sample.ts';

export type Reachable = {
  /** Presentation times, in ticks from the file's start. */
  readonly times: Float64Array;
  readonly tickSeconds: number;
  /** Frames at which decoding may begin, ascending. */
  readonly keyframes: Uint32Array;
  /** Frames before a window that its filters must see. */
  readonly margin: number;
};

/** Until here, one decode of the whole file costs less than a seek for each window, which decodes half a GOP before. */
const FRAMES_A_SEEK = 125;

/** How the windows are reached: each by its own seek, or all by one decode, where seeking is impossible or costs more. */
export function passesFor(
  windows: readonly SampleWindow[],
  files: { readonly reference: Reachable; readonly distorted: Reachable; readonly sequential: boolean },
): readonly Pass[] {
  const { reference, distorted, sequential } = files;
  if (sequential || reference.times.length <= windows.length * FRAMES_A_SEEK) {
    return [{ windows, reference: FROM_START, distorted: FROM_START }];
  }
  return windows.map((window) => ({
    windows: [window],
    reference: reach(window, reference),
    distorted: reach(window, distorted),
  }));
}

const FROM_START: Reach = { seekSeconds: undefined, skip: 0, frame: 0 };

/**
 * By a seek into the middle of a keyframe's time, so that rounding cannot take one frame for another; decoding lands on the
 * frame after it. A seek to any frame would do in most files; in fragmented MP4 ffmpeg begins to decode with the fragment
 * that holds it, and pictures are broken up to the next keyframe.
 */
function reach({ startFrame, lead }: SampleWindow, { times, tickSeconds, keyframes, margin }: Reachable): Reach {
  const frame = startFrame - lead - margin;
  const keyframe = keyframes.findLast((number) => number < frame);
  if (keyframe === undefined) return FROM_START;
  const seekTicks = ((times[keyframe] ?? 0) + (times[keyframe + 1] ?? 0)) / 2;
  return { seekSeconds: seekTicks * tickSeconds, skip: frame - keyframe - 1, frame };
}
