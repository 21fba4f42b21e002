import { describe, expect, it } from '@jest/globals';
import { globTest } from '../../../core/library/glob.ts';

describe('a pattern', () => {
  it.each([
    { pattern: '*.mov', matches: ['a.mov', '2019/a.MOV', '2019/x/.mov'], not: ['a.mov.txt', 'amov'] },
    { pattern: '2019/**', matches: ['2019/a.mov', '2019/x/a.mov'], not: ['x/2019/a.mov', '2019'] },
    { pattern: '/2019/*.mov', matches: ['2019/a.mov'], not: ['2019/x/a.mov'] },
    { pattern: 'trailers/', matches: ['trailers/a.mov', 'x/Trailers/b/c.mov'], not: ['trailers', 'trailers.mov'] },
    { pattern: '**/raw/*', matches: ['raw/a.mov', 'x/y/raw/a.mov'], not: ['x/raw/y/a.mov'] },
    { pattern: '*.{mov,mp4}', matches: ['a.mov', 'a.mp4'], not: ['a.mkv', 'a.{mov,mp4}'] },
    { pattern: 'clip?.mov', matches: ['clip1.mov', 'clipé.mov'], not: ['clip.mov', 'clip10.mov'] },
    { pattern: 'IMG_[0-4]*', matches: ['IMG_1.mov'], not: ['IMG_7.mov'] },
    { pattern: 'IMG_[!0-4]*', matches: ['IMG_7.mov'], not: ['IMG_1.mov'] },
    { pattern: 'a+b (1).mov', matches: ['a+b (1).mov'], not: ['aab 1.mov'] },
    { pattern: '\\*.mov', matches: ['*.mov'], not: ['a.mov'] },
    { pattern: 'cafe\u0301.mov', matches: ['caf\u00e9.mov', 'cafe\u0301.mov'], not: ['cafe.mov'] },
    { pattern: '[a].mov', matches: ['a.mov'], not: ['[a].mov'] },
    { pattern: 'a[.mov', matches: ['a[.mov'], not: ['a.mov'] },
  ])('$pattern matches what it says', ({ pattern, matches, not }) => {
    const test = globTest(pattern);
    expect({ matches: matches.filter(test), not: not.filter(test) }).toEqual({ matches, not: [] });
  });

  it.each(['', '*.{mov', '*.mov}'])('%p is refused as a usage error', (pattern) => {
    expect(() => globTest(pattern)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
