import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Holding, keepingCost, uploadRequests } from '../../../core/storage/keeping-cost.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';
import { CLASS_NAMES, type ClassName } from '../../../core/storage/storage-classes.ts';

const prices = listedPrices();
const FORTY_TB: Holding = { bytes: 40e12, objects: 80_000 };
const cost = (name: ClassName, holding: Partial<Holding> = {}, months = 12) =>
  keepingCost(name, { ...FORTY_TB, ...holding }, { months }, prices);
const share = (name: ClassName, percent: number) =>
  cost(name, { bytes: (FORTY_TB.bytes * percent) / 100, objects: (FORTY_TB.objects * percent) / 100 });

describe('40 TB', () => {
  it('cost $920 a month in S3 Standard: 40,000 GB x $0.023', () => {
    expect(cost('standard').storageUsd).toBeCloseTo(920, 9);
    expect(cost('standard').monthlyUsd).toBeCloseTo(920, 9);
  });

  it.each([
    // 20,000 GB x $0.023 + 20,000 GB x $0.0125 + 80,000 objects x $0.0000025
    { mix: { 'it-frequent': 50, 'it-infrequent': 50 }, usd: 460 + 250 + 0.2 },
    // 8,000 GB x $0.023 + 32,000 GB x $0.004 + 80,000 x $0.0000025
    { mix: { 'it-frequent': 20, 'it-archive-instant': 80 }, usd: 184 + 128 + 0.2 },
    // 2,000 GB x $0.023 + (38,000 GB + 76,000 x 32,768 B = 2.490368 GB) x $0.00099
    // + 76,000 x 8,192 B = 0.622592 GB x $0.023 + 80,000 x $0.0000025
    {
      mix: { 'it-frequent': 5, 'it-deep-archive': 95 },
      usd: 46 + 38_002.490368 * 0.00099 + 0.622592 * 0.023 + 0.2,
    },
  ])('cost $usd a month as $mix', ({ mix, usd }) => {
    const parts = Object.entries(mix).map(([name, percent]) => share(name as ClassName, percent));
    expect(parts.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0)).toBeCloseTo(usd, 6);
  });

  it('are far from $92 a month with 95 % in Deep Archive, as the seed has it', () => {
    expect(share('it-frequent', 5).monthlyUsd + share('it-deep-archive', 95).monthlyUsd).toBeLessThan(85);
  });

  it('cost less by the GB where the first 51,200 GB end', () => {
    // 51,200 GB x $0.023 + 8,800 GB x $0.022
    expect(cost('standard', { bytes: 60e12 }).storageUsd).toBeCloseTo(1177.6 + 193.6, 6);
    // 51,200 x $0.023 + 460,800 x $0.022 + 88,000 x $0.021
    expect(cost('standard', { bytes: 600e12 }).storageUsd).toBeCloseTo(1177.6 + 10_137.6 + 1848, 6);
  });
});

describe('what is charged besides', () => {
  it('is an upload in parts of 100 MB: five, one to begin it and one to end it', () => {
    expect(uploadRequests({ bytes: 500e6, objects: 1 })).toBe(7);
    expect(uploadRequests({ bytes: 100e6, objects: 1 })).toBe(1);
    // 80,000 objects x 7 requests x $0.000005
    expect(cost('standard').uploadUsd).toBeCloseTo(2.8, 9);
  });

  it('is 128 KiB for each smaller object of Standard-IA', () => {
    // 1,000,000 objects x 131,072 B = 131.072 GB x $0.0125, though they are 10 GB
    const { storageUsd } = cost('standard-ia', { bytes: 10e9, objects: 1_000_000 });
    expect(storageUsd).toBeCloseTo(131.072 * 0.0125, 9);
  });

  it('is the frequent price, and no fee, for small objects in every tier of Intelligent-Tiering', () => {
    const { storageUsd, monitoringUsd } = cost('it-archive-instant', { bytes: 10e9, objects: 1_000_000 });
    expect({ storageUsd, monitoringUsd }).toEqual({ storageUsd: 10 * 0.023, monitoringUsd: 0 });
  });

  it('is the shortest time of the class', () => {
    // Deep Archive charges for 180 days: six months of storage, though the files go after one
    const { totalUsd, uploadUsd, storageUsd } = cost('deep-archive', {}, 1);
    expect(totalUsd).toBeCloseTo(uploadUsd + 6 * storageUsd, 9);
  });

  it('is reading, and what leaves AWS', () => {
    const access = { read: 0.1, download: 0.05 };
    const { readingUsd, downloadUsd } = keepingCost('glacier-ir', FORTY_TB, { access, months: 1 }, prices);
    // 15 % of 40,000 GB x $0.03 and of 80,000 requests x $0.00001
    expect(readingUsd).toBeCloseTo(6000 * 0.03 + 12_000 * 0.00001, 6);
    // 2,000 GB less the 100 that are free, x $0.09
    expect(downloadUsd).toBeCloseTo(1900 * 0.09, 6);
  });
});

describe('the cost of keeping', () => {
  const anyClass = fc.constantFrom(...CLASS_NAMES);
  const anyBytes = fc.double({ min: 1e6, max: 1e16, noNaN: true });
  const anyObjects = fc.integer({ min: 1, max: 1e7 });

  it('never falls when there is more to keep', () => {
    fc.assert(
      fc.property(
        anyClass,
        anyBytes,
        fc.double({ min: 1, max: 10, noNaN: true }),
        anyObjects,
        (name, bytes, times, objects) => {
          // in Intelligent-Tiering larger objects may sink, so that only the number of objects of one size is raised there
          const [less, more] = [
            keepingCost(name, { bytes, objects }, { months: 12 }, prices),
            keepingCost(name, { bytes: bytes * times, objects: objects * times }, { months: 12 }, prices),
          ];
          expect(more.totalUsd).toBeGreaterThanOrEqual(less.totalUsd * (1 - 1e-9));
          expect(more.monthlyUsd).toBeGreaterThanOrEqual(less.monthlyUsd * (1 - 1e-9));
        },
      ),
    );
  });

  it('never falls over the months, and is never negative', () => {
    fc.assert(
      fc.property(anyClass, anyBytes, anyObjects, fc.integer({ min: 1, max: 600 }), (name, bytes, objects, months) => {
        const [shorter, longer] = [months, months + 1].map((each) =>
          keepingCost(name, { bytes, objects }, { months: each }, prices),
        );
        expect(shorter?.totalUsd).toBeGreaterThan(0);
        expect(longer?.totalUsd).toBeGreaterThanOrEqual(shorter?.totalUsd ?? 0);
      }),
    );
  });
});
