import type { Preset } from '../settings/presets.ts';

/** libx265 at 1080p, million pixels a second and vCPU, by preset: docs/benchmarks.md, "speed by preset". */
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

/** Bits a pixel of x265 at CRF 25 on camera pictures; six CRF steps halve it. */
export const BITS_PER_PIXEL_AT_25 = 0.06;
