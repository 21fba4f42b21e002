import { decodeStart, type FrameTimeline } from '../segments/reach.ts';
import type { Pass, Way } from './compare-args.ts';
import type { SampleWindow } from './sample.ts';

/** A file, and how many frames before a window its filters must see. */
export type Filtered = FrameTimeline & { readonly margin: number };

/** Until here, one decode of the whole file costs less than a seek for each window, which decodes half a GOP before. */
const FRAMES_A_SEEK = 125;

/** How the windows are reached: each by its own seek, or all by one decode, where seeking is impossible or costs more. */
export function passesFor(
  windows: readonly SampleWindow[],
  files: { readonly reference: Filtered; readonly distorted: Filtered; readonly sequential: boolean },
): readonly Pass[] {
  const { reference, distorted, sequential } = files;
  if (sequential || reference.times.length <= windows.length * FRAMES_A_SEEK) {
    return [{ windows, reference: FROM_START, distorted: FROM_START }];
  }
  return windows.map((window) => ({
    windows: [window],
    reference: wayTo(window, reference),
    distorted: wayTo(window, distorted),
  }));
}

const FROM_START: Way = { seekSeconds: undefined, skip: 0, frame: 0 };

function wayTo({ startFrame, lead }: SampleWindow, file: Filtered): Way {
  const frame = Math.max(0, startFrame - lead - file.margin);
  return { ...decodeStart(frame, file), frame };
}
