import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listedPrices, listedRegions } from '../../../core/storage/list-prices.ts';
import { restoreCosts } from '../../../core/storage/restore-cost.ts';
import { CLASS_NAMES, storageClass } from '../../../core/storage/storage-classes.ts';

const prices = listedPrices();
const TB = { bytes: 1e12, objects: 2000 };

describe('restoring 1 TB in 2000 files', () => {
  it.each([
    // requests: 2000 x ($0.0001 + $0.0000004); retrieval: 1000 GB x $0.02; copy: 7/30 x 1000 GB x $0.023
    { from: 'deep-archive', tier: 'standard', hours: 12, usd: 0.2008 + 20 + 5.36667 },
    // 2000 x ($0.000025 + $0.0000004); 1000 x $0.0025
    { from: 'deep-archive', tier: 'bulk', hours: 48, usd: 0.0508 + 2.5 + 5.36667 },
    // 2000 x ($0.01 + $0.0000004); 1000 x $0.03
    { from: 'glacier', tier: 'expedited', hours: 5 / 60, usd: 20.0008 + 30 + 5.36667 },
    { from: 'glacier', tier: 'standard', hours: 5, usd: 0.1008 + 10 + 5.36667 },
    { from: 'glacier', tier: 'bulk', hours: 12, usd: 0.0008 + 5.36667 },
    // free; then a month at $0.023 and two at $0.0125, 1000 GB
    { from: 'it-deep-archive', tier: 'standard', hours: 12, usd: 0.0008 + 48 },
    { from: 'it-archive', tier: 'bulk', hours: 12, usd: 0.0008 + 48 },
    // 1000 GB x $0.01, 2000 x $0.000001
    { from: 'standard-ia', tier: 'at once', hours: 0, usd: 10 + 0.002 },
    { from: 'standard', tier: 'at once', hours: 0, usd: 0.0008 },
  ] as const)('from $from, $tier: $usd dollars within $hours hours', ({ from, tier, hours, usd }) => {
    const found = restoreCosts(from, TB, 7, prices).find((each) => each.tier === tier);
    expect(found?.totalUsd).toBeCloseTo(usd, 4);
    expect(found?.hours.to).toBe(hours);
  });

  it('has no expedited tier for Deep Archive', () => {
    expect(restoreCosts('deep-archive', TB, 7, prices).map(({ tier }) => tier)).toEqual(['standard', 'bulk']);
  });
});

describe('every class', () => {
  it('bulk is never dearer than standard', () => {
    const archived = CLASS_NAMES.filter((name) => storageClass(name).restore);
    expect(archived.length).toBeGreaterThanOrEqual(4);
    fc.assert(
      fc.property(
        fc.constantFrom(...archived),
        fc.constantFrom(...listedRegions()),
        fc.record({ bytes: fc.double({ min: 1, max: 1e17, noNaN: true }), objects: fc.integer({ min: 1, max: 1e8 }) }),
        fc.integer({ min: 1, max: 365 }),
        (name, region, holding, days) => {
          const ways = restoreCosts(name, holding, days, listedPrices(region));
          const [standard, bulk] = ['standard', 'bulk'].map((tier) => ways.find((each) => each.tier === tier));
          expect(standard?.totalUsd).toBeGreaterThan(0);
          expect(bulk?.totalUsd).toBeLessThanOrEqual(standard?.totalUsd ?? 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is never dearer to restore in bulk, never quicker, and costs more for more', () => {
    const anyAmount = {
      bytes: fc.double({ min: 1, max: 1e17, noNaN: true }),
      objects: fc.integer({ min: 1, max: 1e8 }),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...CLASS_NAMES),
        fc.record(anyAmount),
        fc.integer({ min: 1, max: 365 }),
        (name, holding, days) => {
          const ways = restoreCosts(name, holding, days, prices);
          const bulk = ways.at(-1);
          for (const way of ways) {
            expect(bulk?.totalUsd).toBeLessThanOrEqual(way.totalUsd);
            expect(bulk?.hours.to).toBeGreaterThanOrEqual(way.hours.to);
          }
          const more = restoreCosts(name, { bytes: 2 * holding.bytes, objects: 2 * holding.objects }, days, prices);
          more.forEach((way, i) => {
            expect(way.totalUsd).toBeGreaterThan(ways[i]?.totalUsd ?? 0);
          });
        },
      ),
    );
  });
});
