import type { Pass, Reach } from './compare-args.ts';
import type { SampleWindow } from './sample.ts';

export type Reachable = {
  /** Presentation times in seconds from the file's start. */
  readonly seconds: Float64Array;
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
  if (sequential || reference.seconds.length <= windows.length * FRAMES_A_SEEK) {
    return [{ windows, reference: FROM_START, distorted: FROM_START }];
  }
  return windows.map((window) => ({
    windows: [window],
    reference: reach(window, reference),
    distorted: reach(window, distorted),
  }));
}

const FROM_START: Reach = { seekSeconds: undefined, frame: 0 };

/** By a seek to half-way between the frame before and the first wanted, so that rounding cannot take one for the other. */
function reach({ startFrame, lead }: SampleWindow, { seconds, margin }: Reachable): Reach {
  const frame = startFrame - lead - margin;
  if (frame <= 0) return FROM_START;
  return { frame, seekSeconds: ((seconds[frame - 1] ?? 0) + (seconds[frame] ?? 0)) / 2 };
}
