import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitted } from '../../../core/film/frame-size.ts';
import { plainVideo } from '../../../core/film/plain-video.ts';
import type { VideoFacts } from '../../../core/film/probe.ts';
import { ladder } from '../../../core/recipes/ladder.ts';
import { PREVIEW_LIMIT, refusePreview, rungsFor } from '../../../core/recipes/renditions.ts';

const video = (width: number, height: number, sar = { num: 1, den: 1 }): VideoFacts => ({
  ...plainVideo({ width, height }),
  sar,
});
const preview = ladder.renditions[3].fit;

describe('the rungs of the ladder', () => {
  it.each([
    { source: '8K', size: [7680, 4320], rungs: ['4k<source', '1440p<4k', 'hd<1440p', 'sd<hd'] },
    { source: '4K', size: [3840, 2160], rungs: ['4k<source', '1440p<4k', 'hd<1440p', 'sd<hd'] },
    { source: 'a film in scope', size: [4096, 1728], rungs: ['4k<source', '1440p<4k', 'hd<1440p', 'sd<hd'] },
    { source: '1440p', size: [2560, 1440], rungs: ['1440p<source', 'hd<1440p', 'sd<hd'] },
    { source: '1080p', size: [1920, 1080], rungs: ['hd<source', 'sd<hd'] },
    { source: 'a standing phone', size: [1080, 1920], rungs: ['hd<source', 'sd<hd'] },
    { source: '720p', size: [1280, 720], rungs: ['hd<source', 'sd<hd'] },
    { source: 'a small clip', size: [320, 240], rungs: ['sd<source'] },
  ] as const)('are $rungs for $source', ({ size: [width, height], rungs }) => {
    const made = rungsFor(ladder.renditions, video(width, height), 'parent');
    expect(made.map(({ name, parent }) => `${name}<${parent}`)).toEqual(rungs);
  });

  it('are all made from the source if that is asked for', () => {
    const made = rungsFor(ladder.renditions, video(3840, 2160), 'source');
    expect(made.map(({ parent }) => parent)).toEqual(['source', 'source', 'source', 'source']);
    expect(made.map(({ follows }) => follows)).toEqual([[], ['4k'], ['1440p', '4k'], ['hd', '1440p', '4k']]);
    expect(rungsFor(ladder.renditions, video(1920, 1080), 'source').map(({ follows }) => follows)).toEqual([
      [],
      ['hd'],
    ]);
  });

  it.each([
    { of: '16:9', from: [1920, 1080], to: [722, 406] },
    { of: '9:16', from: [1080, 1920], to: [406, 722] },
    { of: '1:1', from: [1080, 1080], to: [564, 564] },
    { of: '2.37:1', from: [4096, 1728], to: [794, 334] },
    { of: 'PAL widescreen', from: [720, 576], sar: { num: 64, den: 45 }, to: [720, 406] },
  ])('scale a preview of $of to $to', ({ from: [width = 0, height = 0], sar, to }) => {
    const made = fitted(video(width, height, sar), preview);
    expect([made.width, made.height]).toEqual(to);
  });

  it('keep width and height of any preview below the limit together, and enlarge no side', () => {
    const side = fc.integer({ min: 16, max: 16384 });
    const part = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(side, side, part, part, (width, height, num, den) => {
        const made = fitted(video(width, height, { num, den }), preview);
        const wide = (made.width * made.sar.num) / made.sar.den;
        expect(wide + made.height).toBeLessThan(PREVIEW_LIMIT);
        expect(made.width).toBeLessThanOrEqual(Math.max(2, width + 1));
        expect(made.height).toBeLessThanOrEqual(Math.max(2, height + 1));
      }),
    );
  });

  it('fail in the plan if a preview would be too large', () => {
    expect(() => refusePreview('sd', { width: 800, height: 400 })).toThrow(/800x400.*below 1200/);
  });
});
