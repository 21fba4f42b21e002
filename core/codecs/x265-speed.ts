import type { Preset } from '../settings/presets.ts';

/** Megapixels a second of libx265 at 1080p on one vCPU, by preset (docs/benchmarks.md, "speed by preset"). */
export const X265_MEGAPIXELS: Readonly<Record<Preset, number>> = {
  ultrafast: 38,
  superfast: 38,
  veryfast: 25,
  faster: 25,
  fast: 19,
  medium: 16,
  slow: 6,
  slower: 1.9,
  veryslow: 1.2,
};

/** The bits a pixel of x265 for camera pictures: 0.06 at CRF 25, and half as many for each 6 steps of CRF. */
export const x265BitsPerPixel = (crf: number): number => 0.06 * 2 ** ((25 - crf) / 6);
