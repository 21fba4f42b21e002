/** A part of a picture, in whole pixels. */
export type CropArea = { readonly width: number; readonly height: number; readonly left: number; readonly top: number };

/** What a picture is brought to before anything else is done with it. */
export type Restored = {
  readonly width: number;
  readonly height: number;
  readonly sar: Rational;
  readonly colour: Colour;
  /** ffmpeg's, one a line, in this order: fields, bars, colour, shape, noise. */
  readonly filters: readonly string[];
  /** Frames on either side that they look at. */
  readonly margin: number;
};
