import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { VideoFacts } from '../core/film/probe.ts';

/** Returns a rendition's picture as its children will find it. */
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
