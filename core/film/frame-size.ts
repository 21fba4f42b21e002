import type { Rational } from '../units.ts';

export type Size = { readonly width: number; readonly height: number };

/** How large a rendition may be; never larger than what it is made from. */
export type Fit = {
  /** A picture whose short side is larger is brought down to it. */
  readonly shortSide?: number;
  /** A picture that has more lines is brought down to so many. */
  readonly lines?: number;
  /** A picture that is wider is brought down to it. */
  readonly width?: number;
  /** Displayed width and height together; the picture gets square pixels. */
  readonly halfPerimeter?: number;
};

type Fitted = Size & { readonly sar: Rational };

const SQUARE: Rational = { num: 1, den: 1 };

/** The picture brought down to fit, its aspect kept, sides even; itself where it is not larger. */
export function fitted(
  { width, height, sar }: Fitted,
  { shortSide, lines, halfPerimeter, width: widest }: Fit,
): Fitted {
  if (lines !== undefined && lines < height) return { width: even((width * lines) / height), height: lines, sar };
  if (halfPerimeter !== undefined) return { ...fittedAround({ width, height, sar }, halfPerimeter), sar: SQUARE };
  if (widest !== undefined && width > widest) return { width: widest, height: even((height * widest) / width), sar };
  return { ...shrunk({ width, height }, shortSide), sar };
}

/** Square pixels within a half perimeter. No side grows: where pixels are not square, the other side gives way. */
function fittedAround({ width, height, sar }: Fitted, halfPerimeter: number): Size {
  const shape = sar.num / sar.den;
  const shown = { width: width * shape, height };
  const scale = Math.min(halfPerimeter / (shown.width + shown.height), width / shown.width, 1);
  if (scale === 1 && shape === 1) return { width, height };
  return { width: even(shown.width * scale), height: even(shown.height * scale) };
}

/** The picture brought down to a short side, its aspect kept, sides even; itself where it is not larger. */
function shrunk({ width, height }: Size, maxShortSide: number | undefined): Size {
  const short = Math.min(width, height);
  if (maxShortSide === undefined || short <= maxShortSide) return { width, height };
  const scale = maxShortSide / short;
  return width < height
    ? { width: even(maxShortSide), height: even(height * scale) }
    : { width: even(width * scale), height: even(maxShortSide) };
}

/** The smallest size that holds the picture and whose sides the codec's blocks, or the chroma, divide. */
export function padded({ width, height }: Size, pixelFormat: string, block?: number): Size {
  const across = block ?? (/4(20|22)/.test(pixelFormat) ? 2 : 1);
  const down = block ?? (/420/.test(pixelFormat) ? 2 : 1);
  return { width: Math.ceil(width / across) * across, height: Math.ceil(height / down) * down };
}

const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);

/** The filter that says what shape pixels have. Left to itself it rounds to terms of at most 100. */
export const setSar = ({ num, den }: Rational): string =>
  `setsar=${num}/${den}${Math.max(num, den) > 100 ? ':max=65535' : ''}`;
