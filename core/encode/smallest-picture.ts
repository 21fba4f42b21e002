import { type CodecName, codecNamed } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { ServiceError } from '../errors.ts';
import { fitted, padded, type Size } from '../film/frame-size.ts';
import type { VideoFacts } from '../film/probe.ts';

/** Throws `bad-input` for a picture that the codec's encoder does not take; `what` names it: "the picture is". */
export function refuseTooSmall({ width, height }: Size, codec: CodecName, what: string): void {
  const { smallestSide, title } = codecNamed(codec);
  if (Math.min(width, height) >= smallestSide) return;
  throw new ServiceError(
    'bad-input',
    `${what} ${width}x${height}; ${title} is made from ${smallestSide}x${smallestSide} on, ProRes (mezzanine) and HAP (vj) of any size`,
    { width, height },
  );
}

/** The same of every rendition that only scales, before the first of them is made. */
export function refuseSmallRenditions(renditions: readonly RenditionSpec[], video: VideoFacts): void {
  for (const { enlarge, fit = {}, codec, name } of renditions) {
    const size = fitted(video, fit);
    const isScaled = size.width !== video.width || size.height !== video.height;
    // sides that are not scaled may yet be padded by a line: what they become is looked at when that is known
    if (!enlarge && isScaled) refuseTooSmall(padded(size, 'yuv420p'), codec, `${name} would be`);
  }
}
