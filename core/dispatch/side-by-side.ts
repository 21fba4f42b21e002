import { CODECS } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { Size } from '../film/frame-size.ts';
import { makerOf } from '../settings/makers.ts';
import { SIZES, sizeFor } from './route.ts';

/**
 * How many of these renditions of a source are made at once: two, so that one is encoded while the other is verified. One,
 * where one is made from another, where a network or a graphics card does the work, which are busy with one, and where two
 * encoders of the source's picture, and what verifies one, would not fit into the smallest task.
 */
export function renditionsAtOnce(renditions: readonly RenditionSpec[], { width, height }: Size): 1 | 2 {
  const independent = renditions.every(
    ({ parent, enlarge, codec }) => parent === 'source' && !enlarge && !makerOf(CODECS[codec].encoder),
  );
  const fit = sizeFor(3 * width * height, 'medium', 0) === SIZES[0];
  return renditions.length > 1 && independent && fit ? 2 : 1;
}
