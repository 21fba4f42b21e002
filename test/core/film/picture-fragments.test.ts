import { describe, expect, it } from '@jest/globals';
import {
  lostFragments,
  type PictureFragment,
  samplesOf,
  unorderedSamples,
} from '../../../core/film/picture-fragments.ts';

/** Fragments of one second and 25 samples each, that begin at these times, numbered so. */
const fragments = (...begins: readonly (readonly [beginSeconds: number, sequence: number])[]): PictureFragment[] =>
  begins.map(([beginSeconds, sequence], i) => ({
    ...{ at: 1000 * i, sequence, samples: 25, beginSeconds, endSeconds: beginSeconds + 1 },
  }));

describe('the fragments of a picture', () => {
  it('hold the samples of each once, also where one was written twice', () => {
    expect(samplesOf(fragments([0, 1], [1, 2], [1, 2], [2, 3]))).toBe(75);
  });

  it('are out of order behind later ones', () => {
    expect(unorderedSamples(fragments([0, 1], [1, 2], [2, 3]))).toBe(0);
    expect(unorderedSamples(fragments([0, 1], [2, 3], [1, 2], [3, 4]))).toBe(25);
    expect(unorderedSamples(fragments([0, 1], [1, 2], [1, 2], [2, 3]))).toBe(0);
  });

  it('are missing where numbers are left out and nothing new is shown', () => {
    expect(lostFragments(fragments([0, 1], [1, 2], [2, 3], [3, 4]))).toEqual([]);
    expect(lostFragments(fragments([0, 1], [1, 2], [4, 5], [5, 6]))).toEqual([
      'fragments are missing before byte 2000: nothing new is shown for 2.00 s from 2.00 s on',
    ]);
    expect(lostFragments(fragments([0, 1], [1, 2], [2, 5], [3, 6]))).toEqual([]);
  });
});
