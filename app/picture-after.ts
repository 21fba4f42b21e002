import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { VideoFacts } from '../core/film/probe.ts';

/** The picture of a rendition as whatever is made from it will find it. */
export function pictureAfter(spec: EncodeSpec, { shapes, stated, ...video }: VideoFacts): VideoFacts {
  return {
    ...video,
    ...spec.size,
    pixelFormat: spec.pixelFormat,
    sar: spec.sar,
    colour: spec.colour,
    hdr: { ...video.hdr, masterDisplay: spec.masterDisplay, contentLight: spec.contentLight },
  };
}
