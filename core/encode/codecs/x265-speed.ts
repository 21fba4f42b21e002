import type { Preset } from '../../recipes/settings.ts';

/** libx265 at 1080p, million pixels a second and vCPU, by preset: docs/benchmarks.md, "speed by preset". */
export const X265_MEGAPIXELS: Readonly<Record<Preset, number>> = {
  ultrafast: 40,
  superfast: 31,
  veryfast: 21,
  faster: 20,
  fast: 17,
  medium: 13,
  slow: 5,
  slower: 1.2,
  veryslow: 0.7,
};

/** Bits a pixel of x265 at CRF 25 on camera pictures; six CRF steps halve it. */
export const BITS_PER_PIXEL_AT_25 = 0.06;
