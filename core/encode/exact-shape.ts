import { type DisplaySize, displayFields } from '../description/display-size.ts';
import { type eyesOf, shapeFields } from '../description/matroska-tracks.ts';
import type { Size } from '../film/frame-size.ts';
import type { Rational } from '../units.ts';

type ShapedPicture = Size & { readonly sar: Rational; readonly display?: DisplaySize | undefined };

/**
 * Returns the fields that give a picture its shape in Matroska; none where ffmpeg's own do. What the source says of the size goes on
 * holding where it gives the same shape. ffmpeg writes whole pixels, by which pixels that are nearly square become square, and does
 * not know of the two eyes in a picture: the shape is that of one.
 */
export function exactShape(
  { width, height, sar, display }: ShapedPicture,
  eyes: ReturnType<typeof eyesOf>,
): readonly Buffer[] {
  const stated = display && (height * display.width * eyes.across) / (width * display.height * eyes.down);
  if (display && stated && Math.abs((stated * sar.den) / sar.num - 1) < LEAST_STRETCH) return displayFields(display);
  const isOne = eyes.across === 1 && eyes.down === 1;
  if (isOne && (width * sar.num) % sar.den === 0) return [];
  const [wide, high] = [width * sar.num * eyes.down, height * sar.den * eyes.across];
  const divisor = greatestDivisor(wide, high);
  return shapeFields(wide / divisor, high / divisor);
}

const LEAST_STRETCH = 1e-5;

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
