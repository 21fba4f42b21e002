import { type CodecName, codecNamed } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { ServiceError } from '../errors.ts';
import { fitted, padded, type Size } from '../film/frame-size.ts';
import type { VideoFacts } from '../film/probe.ts';

/** Throws `bad-input` if a picture is too small for the codec's encoder. `what` begins the sentence: "the picture is". */
export function refuseTooSmall({ width, height }: Size, codec: CodecName, what: string): void {
  const { smallestSide, title } = codecNamed(codec);
  if (Math.min(width, height) >= smallestSide) return;
  throw new ServiceError(
    'bad-input',
    `${what} ${width}x${height}; ${title} needs at least ${smallestSide}x${smallestSide}, ProRes (mezzanine) and HAP (vj) take any size`,
    { width, height },
  );
}

/** Throws `bad-input` if scaling makes one of the renditions too small for its encoder. */
export function refuseSmallRenditions(renditions: readonly RenditionSpec[], video: VideoFacts): void {
  for (const { enlarge, fit = {}, codec, name } of renditions) {
    const size = fitted(video, fit);
    const isScaled = size.width !== video.width || size.height !== video.height;
    // a picture that is not scaled may still be padded by a line; encodeSpecFor checks it when its size is known
    if (!enlarge && isScaled) refuseTooSmall(padded(size, 'yuv420p'), codec, `${name} would be`);
  }
}
