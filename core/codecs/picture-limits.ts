import type { Size } from '../film/frame-size.ts';

/** What a picture has to be like that an encoder takes. */
export type PictureLimits = {
  /** The shortest side in pixels. */
  readonly smallestSide: number;
  /** Undefined where the encoder takes every picture that can be worked on here (core/film/limits.ts). */
  readonly largest: Size | undefined;
  /** The sides are padded to multiples of this; if undefined, to what the chroma needs. */
  readonly block: number | undefined;
  /** The most bits of a sample, and the finest chroma. */
  readonly depth: 8 | 10 | 12;
  readonly chroma: '420' | '422' | '444';
  readonly alpha: boolean;
  /** The most pictures a second of which the encoder may be told; it encodes more of them as if they were so many. */
  readonly fastest?: number;
  /** Whether a picture beyond the limits is made in another codec, with a warning; else it is refused, padded or loses what is beyond. */
  readonly hasAnother?: true;
};

/** The limits of each encoder. Refusals, paddings and losses follow from this table, and so does the one in docs/av1.md. */
export const PICTURE_LIMITS = {
  /** ffmpeg does not open x265 for shorter sides. */
  x265: { smallestSide: 16, largest: undefined, block: undefined, depth: 12, chroma: '444', alpha: false },
  x264: { smallestSide: 1, largest: undefined, block: undefined, depth: 8, chroma: '420', alpha: false },
  'svt-av1': {
    ...{ smallestSide: 64, largest: { width: 16_384, height: 8704 }, block: undefined },
    ...{ depth: 10, chroma: '420', alpha: false, fastest: 240, hasAnother: true },
  },
  prores: { smallestSide: 1, largest: undefined, block: undefined, depth: 10, chroma: '444', alpha: true },
  hap: { smallestSide: 1, largest: undefined, block: 4, depth: 8, chroma: '444', alpha: true },
  /** FFmpeg's encoder also writes multiples of 4, but its decoder fails on them. */
  dxv: { smallestSide: 1, largest: undefined, block: 16, depth: 8, chroma: '444', alpha: false },
  /** Cards differ in the sizes that they take, and their own message says so. */
  card: { smallestSide: 1, largest: undefined, block: undefined, depth: 10, chroma: '420', alpha: false },
} as const satisfies Readonly<Record<string, PictureLimits>>;

/** The limits of an encoder that a codec states of itself. */
export const sidesOf = (
  encoder: keyof typeof PICTURE_LIMITS,
): Pick<PictureLimits, 'smallestSide' | 'block' | 'alpha'> => {
  const { smallestSide, block, alpha } = PICTURE_LIMITS[encoder];
  return { smallestSide, block, alpha };
};
