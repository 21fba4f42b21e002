import type { Size } from './frame-size.ts';
import type { Colour, VideoFacts } from './probe.ts';

/** The colour of a picture that says nothing about it. */
export const UNTAGGED: Colour = {
  primaries: undefined,
  transfer: undefined,
  matrix: undefined,
  range: undefined,
  chromaLocation: undefined,
};

/** Returns the facts of a progressive picture in 8-bit 4:2:0 of which only the size is known. */
export const plainVideo = ({ width, height }: Size): VideoFacts => ({
  width,
  height,
  pixelFormat: 'yuv420p',
  sar: { num: 1, den: 1 },
  baseFrameRate: undefined,
  averageFrameRate: undefined,
  fieldOrder: 'progressive',
  colour: UNTAGGED,
  displayMatrix: undefined,
  hdr: { masterDisplay: undefined, contentLight: undefined, dolbyVision: undefined, hdr10plus: false },
  isAttachedPicture: false,
  hasClosedCaptions: false,
});
