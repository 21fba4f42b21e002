import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyParts } from '../../../core/upload/copy-parts.ts';

const [MIB, GIB, TIB] = [2 ** 20, 2 ** 30, 2 ** 40];

describe('the parts of a source that is too large for one copy', () => {
  it.each([
    { of: 'one byte more than 5 GiB', bytes: 5 * GIB + 1, parts: 11, last: 1 },
    { of: '12 GiB', bytes: 12 * GIB, parts: 24, last: 512 * MIB },
    { of: 'the largest object that S3 has', bytes: 5 * TIB, parts: 10_000, last: 5 * TIB - 9_999 * 549_755_814 },
  ])('are $parts of $of', ({ bytes, parts, last }) => {
    const found = copyParts(bytes, 512 * MIB);
    expect(found).toHaveLength(parts);
    expect(found[0]).toMatchObject({ number: 1, start: 0 });
    const { start = 0, end = 0 } = found.at(-1) ?? {};
    expect({ end, last: end - start }).toEqual({ end: bytes, last });
  });

  it('have every byte once, in order, and never more or larger ones than S3 takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 * TIB }), fc.integer({ min: 5 * MIB, max: 5 * GIB }), (bytes, asked) => {
        const parts = copyParts(bytes, asked);
        expect(parts.length).toBeLessThanOrEqual(10_000);
        expect(parts.map(({ number }) => number)).toEqual(parts.map((_, i) => i + 1));
        expect(parts.at(-1)?.end).toBe(bytes);
        const wrong = parts.filter(
          ({ start, end }, i) =>
            start !== (parts[i - 1]?.end ?? 0) ||
            end <= start ||
            end - start > 5 * GIB ||
            (i < parts.length - 1 && end - start < 5 * MIB),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
