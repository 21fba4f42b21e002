/** A part of a picture, in whole pixels. */
export type CropArea = { readonly width: number; readonly height: number; readonly left: number; readonly top: number };

/** The part of a picture that is not black, and a JPEG of one frame with that part framed. */
export type CropProposal = { readonly area: CropArea; readonly picture: Buffer };
