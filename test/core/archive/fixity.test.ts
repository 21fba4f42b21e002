import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixityOf, keyFrom, longestUnverified } from '../../../core/archive/fixity.ts';

const MADE = Date.parse('2026-01-01T00:00:00Z');
const recorded = { key: 'a.mp4', path: 'a.mp4', bytes: 10, sha256: 'aa', madeMs: MADE };

describe('fixityOf', () => {
  it.each([
    ['good', 'the same bytes', { bytes: 10, sha256: 'aa', modifiedMs: MADE }],
    ['good', 'the same bytes, touched since', { bytes: 10, sha256: 'aa', modifiedMs: MADE + 1e9 }],
    ['changed', 'other bytes, written since', { bytes: 10, sha256: 'bb', modifiedMs: MADE + 3000 }],
    ['changed', 'another size, whatever its time', { bytes: 11, sha256: 'bb', modifiedMs: MADE - 1e9 }],
    ['corrupt', 'other bytes, not written since', { bytes: 10, sha256: 'bb', modifiedMs: MADE - 1e9 }],
    ['corrupt', 'other bytes on a file system with times of 2 s', { bytes: 10, sha256: 'bb', modifiedMs: MADE + 2000 }],
    ['missing', 'nothing', undefined],
  ])('is %s for %s', (fixity, _, found) => expect(fixityOf(recorded, found)).toBe(fixity));
});

describe('keyFrom', () => {
  it.each([
    ['preserve/a.mp4/manifest.json', 'preserve.mp4', 'preserve/a.mp4/preserve.mp4'],
    ['.reelmill/preserve/x/a.mp4/manifest.json', '../../../../x/a.mp4', 'x/a.mp4'],
    ['manifest.json', './a b/ü.mp4', 'a b/ü.mp4'],
    ['manifest.json', '../a.mp4', undefined],
    ['x/manifest.json', '../../a.mp4', undefined],
    ['x/manifest.json', '/etc/passwd', undefined],
    ['x/manifest.json', '', undefined],
    ['x/manifest.json', 'a\0.mp4', undefined],
    ['x/manifest.json', 'y/../a.mp4', undefined],
  ])('of %s, %j is %s', (from, path, key) => expect(keyFrom(from, path)).toBe(key));
});

describe('longestUnverified', () => {
  it('walks everything in 20 runs of 5 %, whatever the sizes', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const files = bytes.map((each, i) => ({ key: `f${i}`, bytes: each }));
        const verified = new Map<string, number>();
        for (let run = 1; run <= 20 * files.length && verified.size < files.length; run++) {
          const chosen = longestUnverified(files, verified, 0.05);
          expect(chosen.length).toBeGreaterThan(0);
          for (const { key } of chosen) verified.set(key, run);
        }
        expect(verified.size).toBe(files.length);
      }),
    );
  });

  it('takes all with a share of 1, and no more bytes than asked for by a whole file', () => {
    const files = [10, 20, 30, 40].map((bytes, i) => ({ key: `f${i}`, bytes }));
    expect(longestUnverified(files, new Map(), 1)).toHaveLength(4);
    expect(longestUnverified(files, new Map(), 0.3).map(({ key }) => key)).toEqual(['f0', 'f1']);
    const verified = new Map([
      ['f0', 5],
      ['f1', 3],
    ]);
    expect(longestUnverified(files, verified, 0.71).map(({ key }) => key)).toEqual(['f2', 'f3', 'f1']);
  });
});
