import { describe, expect, it } from '@jest/globals';
import type { RenditionSpec } from '../../../core/codecs/rendition-spec.ts';
import { renditionsAtOnce } from '../../../core/dispatch/side-by-side.ts';
import { ladder } from '../../../core/recipes/ladder.ts';
import { chained } from '../../../core/recipes/renditions.ts';
import { sphere } from '../../../core/recipes/sphere.ts';

const HD = { width: 1920, height: 1080 };
const rungs = chained(ladder.renditions, 'source');
const on = (codec: RenditionSpec['codec']) => rungs.map((rung) => ({ ...rung, codec }));
const enlarge = { scale: 2, model: 'some', sha256: '', device: 'cpu' } as unknown as NonNullable<
  RenditionSpec['enlarge']
>;

describe('how many renditions are made at once', () => {
  it.each([
    { what: 'two of a picture that fits twice', renditions: rungs, size: HD, atOnce: 2 },
    { what: 'one of 1440p', renditions: rungs, size: { width: 2560, height: 1440 }, atOnce: 1 },
    { what: 'one of 2160p', renditions: rungs, size: { width: 3840, height: 2160 }, atOnce: 1 },
    { what: 'one of a sphere of 8K', renditions: sphere.renditions, size: { width: 7680, height: 3840 }, atOnce: 1 },
    { what: 'one where there is but one', renditions: rungs.slice(-1), size: HD, atOnce: 1 },
    {
      what: 'one where each is made from the other',
      renditions: chained(ladder.renditions, 'parent'),
      size: HD,
      atOnce: 1,
    },
    {
      what: 'one where a network has all cores',
      renditions: rungs.map((r) => ({ ...r, enlarge })),
      size: HD,
      atOnce: 1,
    },
    { what: 'one on a graphics card', renditions: on('hevc-nvenc'), size: HD, atOnce: 1 },
  ])('is $what', ({ renditions, size, atOnce }) => {
    expect(renditionsAtOnce(renditions, size)).toBe(atOnce);
  });
});
