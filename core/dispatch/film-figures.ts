import type { SourceOutline } from '../film/source-outline.ts';

/** Assumed if the source's header could not be read: a camera's 1080p30 at 20 Mb/s. */
const ASSUMED = { pixels: 1920 * 1080, framesPerSecond: 30, bytesPerSecond: 2_500_000 } as const;

/** The number of frames of a film, as far as its header tells. */
export const framesOf = ({ durationSeconds, bytes }: SourceOutline): number =>
  (durationSeconds ?? bytes / ASSUMED.bytesPerSecond) * ASSUMED.framesPerSecond;

/** The pixels of a frame, as far as the header tells. */
export const pixelsOf = ({ pixels }: SourceOutline): number => pixels ?? ASSUMED.pixels;
