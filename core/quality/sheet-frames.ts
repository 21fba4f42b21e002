import { lowerBound } from '../segments/borders.ts';

const PICTURES = 12;
/** With fewer frames than this for each picture, the whole film is decoded (FRAMES_A_SEEK of passes.ts). */
const LONG = 125;

/** Whether the frames of a sheet are found by decoding the whole film. Their numbers then follow from its length alone. */
export const isSheetOfWhole = (frameCount: number): boolean => frameCount <= LONG * PICTURES;

/**
 * Returns the numbers of frames spread evenly over a film. In a long film they stand right behind keyframes, where
 * decoding them costs least.
 */
export function sheetFrames(frameCount: number, keyframes: Uint32Array): readonly number[] {
  const count = Math.min(PICTURES, frameCount);
  const even = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * frameCount) / count));
  if (isSheetOfWhole(frameCount)) return even;
  const near = even.map((frame) =>
    Math.min(frameCount - 1, (keyframes[lowerBound(keyframes, frame) - 1] ?? frame - 1) + 1),
  );
  return [...new Set(near)];
}
