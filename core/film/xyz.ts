import type { VideoFacts } from './probe.ts';

/** The format in which ffmpeg decodes digital cinema: X'Y'Z' of 12 bits (SMPTE ST 428-1). */
const XYZ = /^xyz12/;
/** What XYZ is brought to before anything else: as many bits, in the primaries of BT.709, as players show it. */
const RGB = 'gbrp12le';

/** Returns the facts of a picture as it is when XYZ has become RGB, since no encoder and no scaler here takes XYZ. */
export const asRgb = (video: VideoFacts): VideoFacts =>
  XYZ.test(video.pixelFormat) ? { ...video, pixelFormat: RGB, isXyz: true } : video;

/** The filter that makes RGB of XYZ. Only the conversion that this filter calls for by itself knows XYZ. */
export const FROM_XYZ = `format=${RGB}`;
