import type { Rational } from '../units.ts';

export type Size = { readonly width: number; readonly height: number };

/** The largest size of a rendition. A rendition is never larger than its source. */
export type Fit = {
  /** The largest short side, in pixels. */
  readonly shortSide?: number;
  /** The largest height, in lines. */
  readonly lines?: number;
  /** The largest width, in pixels. */
  readonly width?: number;
  /** The largest sum of displayed width and height; the picture gets square pixels. */
  readonly halfPerimeter?: number;
};

type Fitted = Size & { readonly sar: Rational };

/** Sides that are rounded to even ones give another shape by up to this share, which nobody sees. */
const ALIKE = 0.01;
const SQUARE: Rational = { num: 1, den: 1 };

/** Returns the size scaled down to fit, with its aspect kept and even sides, or the same size where it already fits. */
export function fitted(
  { width, height, sar }: Fitted,
  { shortSide, lines, halfPerimeter, width: widest }: Fit,
): Fitted {
  if (lines !== undefined && lines < height) return { width: even((width * lines) / height), height: lines, sar };
  if (halfPerimeter !== undefined) return { ...fittedAround({ width, height, sar }, halfPerimeter), sar: SQUARE };
  if (widest !== undefined && width > widest) return { width: widest, height: even((height * widest) / width), sar };
  return { ...shrunk({ width, height }, shortSide), sar };
}

/**
 * Returns a size with square pixels within a half perimeter. Neither side grows, so non-square pixels shrink one side. Where few lines
 * or columns are left, and an even number of them gives another shape, the picture is smaller and keeps its shape.
 */
function fittedAround({ width, height, sar }: Fitted, halfPerimeter: number): Size {
  const shape = sar.num / sar.den;
  const shown = { width: width * shape, height };
  const scale = Math.min(halfPerimeter / (shown.width + shown.height), width / shown.width, 1);
  if (scale === 1 && shape === 1) return { width, height };
  const made = { width: even(shown.width * scale), height: even(shown.height * scale) };
  const stretched = (made.width * shown.height) / (made.height * shown.width);
  if (Math.abs(stretched - 1) <= ALIKE) return made;
  const short = Math.min(shown.width, shown.height);
  const smaller = Math.max(2, 2 * Math.floor((short * scale) / 2)) / short;
  if (smaller > scale) return made;
  return { width: even(shown.width * smaller), height: even(shown.height * smaller) };
}

/** Returns the size scaled down to a short side, or the same size where its short side is not larger. */
function shrunk({ width, height }: Size, maxShortSide: number | undefined): Size {
  const short = Math.min(width, height);
  if (maxShortSide === undefined || short <= maxShortSide) return { width, height };
  const scale = maxShortSide / short;
  return width < height
    ? { width: even(maxShortSide), height: even(height * scale) }
    : { width: even(width * scale), height: even(maxShortSide) };
}

/** Returns the smallest size that holds the picture and whose sides are multiples of the codec's block, or of the chroma's steps. */
export function padded({ width, height }: Size, pixelFormat: string, block?: number): Size {
  const across = block ?? (/4(20|22)/.test(pixelFormat) ? 2 : 1);
  const down = block ?? (/420/.test(pixelFormat) ? 2 : 1);
  return { width: Math.ceil(width / across) * across, height: Math.ceil(height / down) * down };
}

const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);

/** Returns ffmpeg's filter that sets the pixel shape. By default `setsar` rounds a ratio to terms of at most 100. */
export const setSar = ({ num, den }: Rational): string =>
  `setsar=${num}/${den}${Math.max(num, den) > 100 ? ':max=65535' : ''}`;
