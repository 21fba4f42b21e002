/** What films cost: so many seconds each, however short it is, and so many for each pixel of its frames. */
export type Line = { readonly perFilm: number; readonly perPixel: number };

type Point = { readonly pixels: number; readonly seconds: number };

/** Two films tell the price of a pixel from that of a film if one has so many times the pixels of the other. */
const APART = 2;

/**
 * Returns the line through what films took; undefined without any. Medians, so that one film that was disturbed does not count.
 * Where all films are alike in size, they are taken to cost `usualPerFilm` each, but never more than half of what they took.
 */
export function fittedLine(points: readonly Point[], usualPerFilm: number): Line | undefined {
  const slopes = points.flatMap((one) =>
    points.flatMap((other) =>
      other.pixels >= APART * one.pixels ? [(other.seconds - one.seconds) / (other.pixels - one.pixels)] : [],
    ),
  );
  const slope = median(slopes);
  if (slope !== undefined && slope > 0) {
    const perFilm = median(points.map(({ pixels, seconds }) => seconds - slope * pixels)) ?? 0;
    return { perFilm: Math.max(0, perFilm), perPixel: slope };
  }
  const usual = median(points.map(({ seconds }) => seconds));
  if (usual === undefined) return undefined;
  const perFilm = Math.min(usualPerFilm, usual / 2);
  const perPixel = median(points.map(({ pixels, seconds }) => Math.max(0, seconds - perFilm) / pixels)) ?? 0;
  return { perFilm, perPixel };
}

/** Returns the middle one of some values, the upper of two; undefined without any. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
