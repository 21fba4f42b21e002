import type { Size } from '../../core/film/frame-size.ts';

/** Red, green and blue, one byte each. */
export const CHANNELS = 3;

/** Returns the whole frames in bytes of RGB. */
export function rgbFrames(bytes: Uint8Array, { width, height }: Size): readonly Uint8Array[] {
  const length = CHANNELS * width * height;
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
}
