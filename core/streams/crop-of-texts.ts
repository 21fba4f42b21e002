import type { Size } from '../film/frame-size.ts';

/** The part of a picture that stays, in pixels, and the size of the picture. */
export type CropOfTexts = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly of: Size;
};

/** Reads what is left of a picture from its filters; undefined where none of them is a crop. */
export function cropInFilters(filters: readonly string[], of: Size): CropOfTexts | undefined {
  const found = filters.map((filter) => /^crop=(\d+):(\d+):(\d+):(\d+)$/.exec(filter)).find((match) => match !== null);
  if (!found) return undefined;
  const [width = 0, height = 0, left = 0, top = 0] = found.slice(1).map(Number);
  return { width, height, left, top, of: { width: of.width, height: of.height } };
}
