import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { ONE_MOMENT_EACH } from '../../core/fields/film-fields.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { Draft } from './work.ts';

/** Returns a rendition's picture as its children will find it. */
export function pictureAfter(spec: EncodeSpec, { shapes, shapedParts, stated, ...video }: VideoFacts): VideoFacts {
  return {
    ...video,
    ...spec.size,
    pixelFormat: spec.pixelFormat,
    sar: spec.sar,
    colour: spec.colour,
    hdr: { ...video.hdr, masterDisplay: spec.masterDisplay, contentLight: spec.contentLight },
  };
}

/** What a planned rendition is for those that are made of it: nothing of it is interlaced, and all its pictures lie in the file. */
export function asMade({ source: made, spec }: Draft, parent: SourceFacts): SourceFacts {
  const { main, cut, ...source } = made.cut.fields && !made.cut.among ? made : parent;
  const { fields: _, isCounted: __, ...ownCut } = cut;
  return { ...source, cut: ownCut, fields: ONE_MOMENT_EACH, main: { ...main, video: pictureAfter(spec, main.video) } };
}
