import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { missingParts, PART_LIMITS, partRange, planParts } from '../../../core/upload/plan-parts.ts';

const MIB = 1024 ** 2;
const GB = 1e9;

describe('the planner of parts', () => {
  it.each([
    { of: 'one byte', bytes: 1, partBytes: 8 * MIB, parts: 1 },
    { of: 'exactly one part', bytes: 8 * MIB, partBytes: 8 * MIB, parts: 1 },
    { of: 'a byte more than a part', bytes: 8 * MIB + 1, partBytes: 8 * MIB, parts: 2 },
    { of: '2 GB', bytes: 2 * GB, partBytes: 8 * MIB, parts: 239 },
    { of: 'the most that 8 MiB parts hold', bytes: 80_000 * MIB, partBytes: 8 * MIB, parts: 10_000 },
    { of: 'a byte more than that', bytes: 80_000 * MIB + 1, partBytes: 16 * MIB, parts: 5001 },
    { of: '100 GB', bytes: 100 * GB, partBytes: 16 * MIB, parts: 5961 },
    { of: 'the largest object of S3', bytes: PART_LIMITS.bytes, partBytes: 1024 * MIB, parts: 5120 },
  ])('divides $of', ({ bytes, partBytes, parts }) => {
    expect(planParts(bytes)).toEqual({ bytes, partBytes, parts });
  });

  it.each([
    {
      of: 'an empty file',
      bytes: 0,
      code: 'bad-input',
      says: 'the file is empty (0 bytes); choose one that holds a film',
    },
    {
      of: 'a larger file than S3 takes',
      bytes: PART_LIMITS.bytes + 1,
      code: 'over-limit',
      says: /^the file has .* at most .* can be uploaded$/,
    },
    { of: 'half a byte', bytes: 0.5, code: 'usage', says: /0\.5 bytes/ },
    { of: 'a negative size', bytes: -1, code: 'usage', says: /-1 bytes/ },
    { of: 'no number', bytes: Number.NaN, code: 'usage', says: /NaN bytes/ },
  ])('refuses $of', ({ bytes, code, says }) => {
    const plan = () => planParts(bytes);
    expect(plan).toThrow(expect.objectContaining({ code }));
    expect(plan).toThrow(says);
  });

  it('keeps every file within the limits of S3, and its parts cover it once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: PART_LIMITS.bytes }), (bytes) => {
        const plan = planParts(bytes);
        expect(plan.parts).toBeLessThanOrEqual(PART_LIMITS.parts);
        expect(plan.partBytes).toBeGreaterThanOrEqual(PART_LIMITS.smallest);
        expect(plan.partBytes).toBeLessThanOrEqual(PART_LIMITS.largest);
        expect(partRange(plan, 1).start).toBe(0);
        expect(partRange(plan, plan.parts).end).toBe(bytes);
        if (plan.parts > 1) expect(partRange(plan, 2).start).toBe(partRange(plan, 1).end);
      }),
    );
  });

  it.each([0, 3, -1, 1.5, Number.NaN])('has no part %d of two', (number) => {
    expect(() => partRange(planParts(8 * MIB + 1), number)).toThrow('the parts are 1 to 2');
  });

  it('misses what has not arrived, and what has not arrived whole', () => {
    const plan = planParts(20 * MIB);
    const there = [
      { number: 1, bytes: 8 * MIB, checksum: '' },
      { number: 3, bytes: 3 * MIB, checksum: '' },
    ];
    expect(missingParts(plan, there)).toEqual([2, 3]);
    expect(missingParts(plan, [])).toEqual([1, 2, 3]);
  });
});
