import type { Size } from './frame-size.ts';
import type { VideoFacts } from './probe.ts';

/** Returns the size at which players show the picture: with square pixels, and turned by the display matrix. */
export function shownSize({ width, height, sar, displayMatrix }: VideoFacts): Size {
  const wide = Math.round((width * sar.num) / sar.den);
  return displayMatrix?.[0] === 0 && displayMatrix[4] === 0 ? { width: height, height: wide } : { width: wide, height };
}
