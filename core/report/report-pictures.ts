/** Pictures of a rendition for its report, JPEG as base64. */
export type ReportPictures = {
  /** The frame with the lowest score, as it is in the source and in the rendition. */
  readonly worst?: WorstFrame | undefined;
  /** Frames over the whole film, in order. */
  readonly sheet: readonly SheetPicture[];
};

type WorstFrame = { readonly seconds: number; readonly source: string; readonly rendition: string };
export type SheetPicture = { readonly seconds: number; readonly jpeg: string };

/** Returns the picture that stands for a film: the one with the most detail, which takes the most bytes. */
export function posterOf(sheet: readonly SheetPicture[]): SheetPicture | undefined {
  return sheet.toSorted((a, b) => b.jpeg.length - a.jpeg.length)[0];
}
