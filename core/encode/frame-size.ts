export type Size = { readonly width: number; readonly height: number };

/** The picture brought down to a short side, its aspect kept, sides even; itself where it is not larger. */
export function shrunk({ width, height }: Size, maxShortSide: number | undefined): Size {
  const short = Math.min(width, height);
  if (maxShortSide === undefined || short <= maxShortSide) return { width, height };
  const scale = maxShortSide / short;
  return width < height
    ? { width: even(maxShortSide), height: even(height * scale) }
    : { width: even(width * scale), height: even(maxShortSide) };
}

/** The smallest size that holds the picture and whose sides the chroma divides. */
export function padded({ width, height }: Size, pixelFormat: string): Size {
  const across = /4(20|22)/.test(pixelFormat) ? 2 : 1;
  const down = /420/.test(pixelFormat) ? 2 : 1;
  return { width: Math.ceil(width / across) * across, height: Math.ceil(height / down) * down };
}

const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);
