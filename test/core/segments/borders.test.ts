import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DISCARD, type FrameIndex, hashesOf, KEY, presentationTimes } from '../../../core/film/frame-index.ts';
import { contentBorders, lowerBound } from '../../../core/segments/borders.ts';
import { anyFilm, anyLength, gops, indexOf, intra, scenes } from '../../fixtures/films.ts';

const bordersOf = (index: FrameIndex, length: { shortest: number; longest: number }) =>
  contentBorders(index, presentationTimes(index), length);

/** The borders by exhaustive search, as a reference. */
function plainBorders(index: FrameIndex, { shortest, longest }: { shortest: number; longest: number }) {
  const times = [...presentationTimes(index)];
  const keys = [...index.pts.keys()].filter((i) => index.flags[i] === KEY);
  const hash = (i: number) => Buffer.from(hashesOf(index, i, i + 1)).toString('hex');
  const tick = index.timeBase.num / index.timeBase.den;
  const borders = [0];
  let start = times[0] ?? 0;
  while ((times.at(-1) ?? 0) * tick - start * tick > longest) {
    const within = keys.filter((i) => {
      const after = (index.pts[i] ?? 0) * tick - start * tick;
      return after >= shortest && after <= longest;
    });
    const [lowest] = within.sort((a, b) => (hash(a) < hash(b) ? -1 : 1));
    if (lowest === undefined) return undefined;
    start = index.pts[lowest] ?? 0;
    borders.push(times.indexOf(start));
  }
  return borders;
}

describe('borders', () => {
  it('are the keyframes with the lowest hash between shortest and longest, or there are none', () => {
    fc.assert(
      fc.property(anyFilm, anyLength, (film, length) => {
        const index = indexOf(film);
        expect(bordersOf(index, length)).toEqual(plainBorders(index, length));
      }),
    );
  });

  it('leave no segment longer than the longest, and none but the last shorter than the shortest', () => {
    fc.assert(
      fc.property(anyFilm, anyLength, (film, length) => {
        const times = presentationTimes(indexOf(film));
        const borders = bordersOf(indexOf(film), length) ?? [];
        for (const [i, border] of borders.entries()) {
          const next = borders[i + 1];
          const seconds = ((times[next ?? times.length - 1] ?? 0) - (times[border] ?? 0)) / 1000;
          expect(seconds).toBeLessThanOrEqual(length.longest + 1e-9);
          if (next !== undefined) expect(seconds).toBeGreaterThanOrEqual(length.shortest - 1e-9);
        }
      }),
    );
  });

  it.each([
    { what: 'one frame', film: intra(['a']), borders: [0] },
    { what: 'a film no longer than the longest segment', film: intra(scenes('a', 51), 100), borders: [0] },
    { what: 'no frame at all', film: [], borders: [0] },
    { what: 'a GOP longer than the longest segment', film: gops('a', [400]), borders: undefined },
    { what: 'a long GOP only at the end', film: gops('a', [40, 40, 400]), borders: undefined },
  ])('are as expected for $what', ({ film, borders }) => {
    expect(bordersOf(indexOf(film), { shortest: 2, longest: 5 })).toEqual(borders);
  });

  it('are the next frames where decoded frames are further apart than the longest segment', () => {
    const slides = indexOf(intra(scenes('slides', 5), 10_000), { from: 'frames' });
    expect(bordersOf(slides, { shortest: 1, longest: 4 })).toEqual([0, 1, 2, 3, 4]);
  });

  it('are never keyframes that are not shown', () => {
    const film = gops('a', Array(30).fill(10)).map((shot, i) =>
      i % 20 === 0 ? { ...shot, flags: KEY | DISCARD } : shot,
    );
    const index = indexOf(film);
    const shown = new Set(film.filter(({ flags }) => flags === KEY).map(({ pts }) => pts));
    const times = presentationTimes(index);
    const borders = bordersOf(index, { shortest: 1, longest: 3 })?.slice(1) ?? [];
    expect(borders.length).toBeGreaterThan(2);
    for (const border of borders) expect(shown).toContain(times[border]);
  });

  it('do not change behind an insertion, except for the first few', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 75 }), (name, inserted) => {
        const film = scenes(name, 25 * 90);
        const after = [...film.slice(0, 50), ...scenes(`${name}+`, inserted), ...film.slice(50)];
        const length = { shortest: 2, longest: 12 };
        const before = bordersOf(indexOf(intra(film)), length) ?? [];
        const now = new Set(bordersOf(indexOf(intra(after)), length)?.map((border) => border - inserted));
        const moved = before.filter((border) => border > 50 && !now.has(border));
        expect(moved.length).toBeLessThan(before.length / 2);
      }),
      { numRuns: 20 },
    );
  });
});

describe('lowerBound', () => {
  it('finds the first value that is not below', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (values, wanted) => {
        const sorted = Float64Array.from(values).sort();
        const found = [...sorted].findIndex((value) => value >= wanted);
        expect(lowerBound(sorted, wanted)).toBe(found < 0 ? sorted.length : found);
      }),
    );
  });
});
