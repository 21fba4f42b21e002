import { decodeStart, type FrameTimeline } from '../segments/reach.ts';
import type { Pass, PassStart } from './compare-args.ts';
import type { SampleWindow } from './sample.ts';

/** A file that can be sought, and the number of frames before a window that its filters need. */
type FilteredFile = FrameTimeline & { readonly margin: number };

/**
 * Up to this many frames for each window, one decode of the whole file costs less than a seek for each window, which
 * decodes half a GOP on average.
 */
const FRAMES_A_SEEK = 125;

/**
 * Returns the passes that compare the windows: one seek for each window, or one decode for all where seeking is
 * impossible or costs more.
 */
export function passesFor(
  windows: readonly SampleWindow[],
  files: { readonly reference: FilteredFile; readonly distorted: FilteredFile; readonly sequential: boolean },
): readonly Pass[] {
  const { reference, distorted, sequential } = files;
  if (isOnePass(reference.times.length, { windows, sequential })) {
    return [{ windows, reference: FROM_START, distorted: FROM_START }];
  }
  return windows.map((window) => ({
    windows: [window],
    reference: wayTo(window, reference),
    distorted: wayTo(window, distorted),
  }));
}

/** Whether the windows of a film are compared by one decode of the whole. */
export const isOnePass = (
  frameCount: number,
  { windows, sequential }: { readonly windows: readonly SampleWindow[]; readonly sequential: boolean },
): boolean => sequential || frameCount <= windows.length * FRAMES_A_SEEK;

/** Returns how single frames of one film are reached: by one seek for each, or by one decode for all where that costs less. */
export function onePass(
  frames: readonly number[],
  film: FilteredFile & { readonly sequential: boolean },
): readonly { readonly windows: readonly SampleWindow[]; readonly start: PassStart }[] {
  const windows = frames.map((startFrame) => ({ startFrame, frames: 1, lead: 0 }));
  const passes = passesFor(windows, { reference: film, distorted: film, sequential: film.sequential });
  return passes.map(({ windows: reached, reference }) => ({ windows: reached, start: reference }));
}

const FROM_START: PassStart = { seekSeconds: undefined, skip: 0, frame: 0 };

/** Returns how a decode for a window of a file begins. */
export const windowStart = (window: SampleWindow, file: FilteredFile): PassStart => wayTo(window, file);

function wayTo({ startFrame, lead }: SampleWindow, file: FilteredFile): PassStart {
  const wanted = Math.max(0, startFrame - lead - file.margin);
  const frame = file.fields && !file.among ? wanted - (wanted % 2) : wanted; // both pictures of a frame come
  return { ...decodeStart(frame, file), frame };
}
