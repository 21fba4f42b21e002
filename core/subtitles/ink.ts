/** An image of one byte a pixel, rows without padding. */
export type GreyImage = { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** The luma above which a pixel is text, in limited range (16 to 235). */
const INK = 64;
const WHITE = 235;
/** The width of the white margin that tesseract needs around text, in pixels. */
const MARGIN = 16;

/**
 * The text of a picture, cropped and inverted from light on black to dark on white, with a margin. Black outlines
 * disappear. Undefined for a picture without text.
 */
export function inkOnPaper({ width, height, data }: GreyImage): GreyImage | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[y * width + x] ?? 0) <= INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return undefined;
  const size = { width: right - left + 1 + 2 * MARGIN, height: bottom - top + 1 + 2 * MARGIN };
  const paper = new Uint8Array(size.width * size.height).fill(255);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const light = Math.min(WHITE, data[y * width + x] ?? 0);
      paper[(y - top + MARGIN) * size.width + x - left + MARGIN] = Math.round(
        255 * (1 - Math.max(0, light - 16) / 219),
      );
    }
  }
  return { ...size, data: paper };
}

/** The image as a file in Netpbm's binary grey map format (PGM, P5). */
export function pgm({ width, height, data }: GreyImage): Uint8Array {
  const head = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const file = new Uint8Array(head.length + data.length);
  file.set(head);
  file.set(data, head.length);
  return file;
}
