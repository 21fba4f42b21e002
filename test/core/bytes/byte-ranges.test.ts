import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesIn, mergedRanges, rangesWithout } from '../../../core/bytes/byte-ranges.ts';

const FILE = 300;
const anyRange = fc
  .tuple(fc.integer({ min: -50, max: FILE + 50 }), fc.integer({ min: 0, max: 60 }))
  .map(([start, length]) => ({ start, end: start + length }));
const anyRanges = fc.array(anyRange, { maxLength: 20 });
const anyGap = fc.integer({ min: 0, max: 30 });

type Ranges = Parameters<typeof bytesIn>[0];
const has = (ranges: Ranges, byte: number) => ranges.some(({ start, end }) => start <= byte && byte < end);
const bytes = Array.from({ length: FILE }, (_, byte) => byte);

describe('merged ranges', () => {
  it('have every byte of the ranges that lies in the file, in order, and more than a gap apart', () => {
    fc.assert(
      fc.property(anyRanges, anyGap, (ranges, gap) => {
        const merged = mergedRanges(ranges, FILE, gap);
        expect(bytes.filter((byte) => has(ranges, byte) && !has(merged, byte))).toEqual([]);
        const isApart = ({ start, end }: Ranges[number], i: number) =>
          start >= 0 && end <= FILE && end > start && start - (merged[i - 1]?.end ?? -FILE) > gap;
        expect(merged.filter((range, i) => !isApart(range, i))).toEqual([]);
      }),
    );
  });

  it('without a gap have no other byte', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const merged = mergedRanges(ranges, FILE, 0);
        expect(bytesIn(merged)).toBe(bytes.filter((byte) => has(ranges, byte)).length);
      }),
    );
  });
});

describe('ranges without others', () => {
  it('have each byte that is wanted and was not had, and no other', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (wanted, had) => {
        const [all, some] = [mergedRanges(wanted, FILE, 0), mergedRanges(had, FILE, 0)];
        const missing = rangesWithout(all, some);
        expect(bytes.filter((byte) => has(missing, byte) !== (has(all, byte) && !has(some, byte)))).toEqual([]);
        expect(bytesIn(missing)).toBe(bytes.filter((byte) => has(missing, byte)).length);
      }),
    );
  });
});
