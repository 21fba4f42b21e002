import { describe, expect, it } from '@jest/globals';
import { didYouMean } from '../../core/nearest.ts';

const RECIPES = ['preserve', 'downscale', 'ladder', 'vj', 'upscale', 'mezzanine', 'sphere'];

describe('a word that is not known', () => {
  it.each([
    { word: 'preserv', meant: 'preserve' },
    { word: 'perserve', meant: 'preserve' },
    { word: 'Upscale', meant: 'upscale' },
    { word: 'laddr', meant: 'ladder' },
    { word: 'mezanine', meant: 'mezzanine' },
  ])('$word is taken for $meant', ({ word, meant }) => {
    expect(didYouMean(word, RECIPES)).toBe(` (did you mean "${meant}"?)`);
  });

  it.each(['', 'x', 'av', 'hevc', 'archive', 'p'.repeat(10_000)])('%s is near none', (word) => {
    expect(didYouMean(word, RECIPES)).toBe('');
  });
});
