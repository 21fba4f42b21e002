import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf, lowestOf, stretchesOf } from '../../../core/report/thin-series.ts';

const score = fc.record({
  seconds: fc.double({ min: 0, max: 7200, noNaN: true }),
  score: fc.double({ min: 0, max: 100, noNaN: true }),
});

describe('thinning a series', () => {
  it('counts every frame, and keeps the lowest and highest score of every column', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 400 }), (series) => {
        const columns = columnsOf(series, 0, 30);
        expect(columns.length).toBeLessThanOrEqual(241);
        expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(series.length);
        const scores = series.map((each) => each.score);
        expect(Math.min(...columns.map(({ min }) => min))).toBe(Math.min(...scores));
        expect(Math.max(...columns.map(({ max }) => max))).toBe(Math.max(...scores));
        for (const { min, mean, max } of columns) expect(min <= mean + 1e-9 && mean <= max + 1e-9).toBe(true);
      }),
    );
  });

  it('puts every frame into a stretch, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(score), (series) => {
        const all = stretchesOf(series).flat();
        expect(all.map(({ seconds }) => seconds)).toEqual(
          series.map(({ seconds }) => seconds).toSorted((a, b) => a - b),
        );
        expect(lowestOf([all])?.score).toBe(
          series.length > 0 ? Math.min(...series.map((each) => each.score)) : undefined,
        );
      }),
    );
  });

  it.each([
    { does: 'makes one stretch of frames that follow each other', frames: [0, 1, 2, 3], lengths: [4] },
    { does: 'splits between windows', frames: [0, 1, 2, 50, 51, 52, 90, 91], lengths: [3, 3, 2] },
    { does: 'makes one stretch of evenly spread samples', frames: [0, 100, 200, 300], lengths: [4] },
    { does: 'accepts a single frame', frames: [7], lengths: [1] },
    { does: 'accepts an empty series', frames: [], lengths: [] },
  ])('$does', ({ frames, lengths }) => {
    const series = frames.map((frame) => ({ seconds: frame / 25, score: 90 }));
    expect(stretchesOf(series).map(({ length }) => length)).toEqual(lengths);
  });

  it('leaves out scores and times that are not numbers', () => {
    expect(stretchesOf([{ seconds: 0, score: Number.NaN }])).toEqual([]);
  });
});
