import { CODECS } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { Size } from '../film/frame-size.ts';
import { makerOf } from '../settings/makers.ts';
import { SIZES, sizeFor } from './route.ts';

/**
 * Returns how many renditions of a source are made at the same time. Two, so that one is encoded while the other is verified.
 * One if a rendition is made from another, if a network or a graphics card does the work (one rendition keeps it busy), or
 * if two encoders and a verification would not fit into the smallest container.
 */
export function renditionsAtOnce(renditions: readonly RenditionSpec[], { width, height }: Size): 1 | 2 {
  const independent = renditions.every(
    ({ parent, enlarge, codec }) => parent === 'source' && !enlarge && !makerOf(CODECS[codec].encoder),
  );
  const fit = sizeFor(3 * width * height, 'medium', 0) === SIZES[0];
  return renditions.length > 1 && independent && fit ? 2 : 1;
}
