import type { Preset } from '../settings/presets.ts';

/** SVT-AV1's preset, a number, for each preset of x265: the one that takes about as much CPU (decision 0129). */
export const SVT_PRESETS: Readonly<Record<Preset, number>> = {
  ultrafast: 12,
  superfast: 11,
  veryfast: 10,
  faster: 10,
  fast: 9,
  medium: 8,
  slow: 5,
  slower: 4,
  veryslow: 3,
};

/** Megapixels a second of SVT-AV1 1.4 at 1080p on one vCPU, by its own preset, measured beside x265's. */
const MEGAPIXELS: readonly number[] = [0.3, 0.5, 0.8, 1.5, 3, 5, 9, 12, 16, 20, 27, 45, 70];

/** Returns how many megapixels a second one vCPU encodes at 1080p with a preset of SVT-AV1, as measured. */
export const svtMegapixels = (preset: number): number => MEGAPIXELS[preset] ?? 70;
