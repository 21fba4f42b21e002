import { describe, expect, it } from '@jest/globals';
import { kindOfFilm, shapeWarnings, steadyFilters, withKinds } from '../../../core/film/changing-picture.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const PLAIN = { sar: { num: 1, den: 1 }, pixelFormat: 'yuv420p', range: 'tv' } as const;
const shape = (width: number, height: number, keyframes: number) => ({ ...PLAIN, width, height, keyframes });

describe('a film whose picture changes', () => {
  it.each([
    { rule: 'its largest picture, however short', found: [shape(320, 180, 90), shape(640, 360, 1)], is: [640, 360] },
    { rule: 'what most of it has, of equally large ones', found: [shape(9, 16, 1), shape(16, 9, 2)], is: [16, 9] },
    { rule: 'the first, where as much of it is either', found: [shape(9, 16, 2), shape(16, 9, 2)], is: [9, 16] },
  ])('has the shape of $rule', ({ found, is }) => {
    expect(kindOfFilm(found)).toMatchObject({ width: is[0], height: is[1] });
  });

  it.each([
    { formats: ['yuv420p', 'yuv420p10le'], is: 'yuv420p10le' },
    { formats: ['yuv422p', 'yuv420p10le'], is: 'yuv422p10le' },
    { formats: ['yuv420p', 'yuvj420p'], is: 'yuv420p' },
    { formats: ['yuvj444p', 'yuv422p12le', 'yuv420p'], is: 'yuv444p12le' },
    { formats: ['gbrp', 'yuv420p10le'], is: 'yuv444p10le' },
    { formats: ['gbrp', 'gbrp12le'], is: 'gbrp12le' },
    { formats: ['gray', 'gray10le'], is: 'gray10le' },
    { formats: ['yuva420p', 'yuv422p'], is: 'yuva422p' },
  ])('of $formats is brought to $is', ({ formats, is }) => {
    expect(kindOfFilm(formats.map((pixelFormat) => ({ ...shape(9, 16, 1), pixelFormat })))).toMatchObject({
      pixelFormat: is,
    });
  });

  it('has the range of most of its keyframes, and of the first one where as many have either', () => {
    const range = (full: number, limited: number) =>
      kindOfFilm([{ ...shape(9, 16, full), range: 'pc' }, shape(9, 16, limited)])?.range;
    expect([range(2, 3), range(3, 2), range(2, 2)]).toEqual(['tv', 'pc', 'pc']);
  });

  it('says nothing of the size that its container states where the film has that size', () => {
    const shapes = [shape(320, 180, 1), shape(160, 90, 1)].map(({ keyframes: _, ...kind }) => kind);
    const video = { ...aVideo(), width: 320, height: 180, shapes };
    expect(shapeWarnings({ ...video, stated: { width: 320, height: 180 } })).toHaveLength(1);
    expect(shapeWarnings({ ...video, stated: { width: 160, height: 90 } })).toHaveLength(2);
  });

  it('is left alone where it does not change', () => {
    const probe = aProbe([aStream('video', 'h264', { video: aVideo() })]);
    expect(withKinds(probe, 0, [shape(320, 180, 90)])).toBe(probe);
    expect(steadyFilters(aVideo())).toEqual([]);
  });
});
