/** A part of a picture, in whole pixels. */
export type CropArea = { readonly width: number; readonly height: number; readonly left: number; readonly top: number };
