import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listedPrices } from '../../../core/storage/list-prices.ts';
import { bulkUsd, type OptionUse, optionCosts } from '../../../core/storage/option-costs.ts';

const USE: OptionUse = { changed: 0.02, viewed: 0.1, lockDays: 365, replicaClass: 'glacier-ir', backupDays: 35 };
const FORTY_TB = { bytes: 40e12, objects: 80_000 };
const prices = listedPrices();

function costOf(title: RegExp, use: Partial<OptionUse> = {}, holding = FORTY_TB) {
  const [found, ...more] = optionCosts(holding, { ...USE, ...use }, prices).filter((each) => title.test(each.title));
  if (!found || more.length > 0) throw new Error(`not one option ${title.source}`);
  return found;
}

describe('what 40 TB in 80,000 files cost with an option, by hand', () => {
  it('versions: 2 % of 40,000 GB are old for a month, at $0.023', () => {
    expect(costOf(/^versions/).monthlyUsd).toBeCloseTo(0.02 * 40_000 * 0.023, 6);
  });

  it('Object Lock: the same 800 GB stay for 335 days more, which is 11.17 months', () => {
    expect(costOf(/^Object Lock/).monthlyUsd).toBeCloseTo((800 * 0.023 * 335) / 30, 6);
    expect(costOf(/^Object Lock/, { lockDays: 30 }).monthlyUsd).toBe(0);
  });

  it('copies: $0.02 for each GB that is sent, 7 requests for each file of 500 MB, and Glacier Instant Retrieval', () => {
    const sent = 40_000 * 0.02 + 80_000 * 7 * 0.00002;
    const kept = 40_000 * 0.004;
    expect(costOf(/^copies/).onceUsd).toBeCloseTo(sent, 6);
    expect(costOf(/^copies/).monthlyUsd).toBeCloseTo(kept + 0.02 * (sent + kept), 6);
  });

  it('CloudFront: 4,000 GB of which 1,024 are free, 400,000 requests which are, and a secret', () => {
    expect(costOf(/^CloudFront/).monthlyUsd).toBeCloseTo(0.4 + (4_000 - 1_024) * 0.085, 6);
    expect(costOf(/^CloudFront/, { viewed: 0 }).monthlyUsd).toBe(0.4);
  });

  it('inventory and Storage Lens: by the object, an inventory as often as it is written', () => {
    expect(costOf(/daily/).monthlyUsd).toBeCloseTo((80_000 * 30 * 0.0025) / 1e6, 9);
    expect(costOf(/weekly/).monthlyUsd).toBeCloseTo((80_000 * (30 / 7) * 0.0025) / 1e6, 9);
    expect(costOf(/advanced/).monthlyUsd).toBeCloseTo((80_000 * 0.2) / 1e6, 9);
    expect(costOf(/free/)).toMatchObject({ onceUsd: 0, monthlyUsd: 0 });
  });

  it('backups: 40,000 GB at $0.05, and what changed for as long as backups are kept', () => {
    expect(costOf(/^backups/).monthlyUsd).toBeCloseTo(2_000 * (1 + (0.02 * 35) / 30), 6);
    expect(costOf(/^backups/).onceUsd).toBeCloseTo(80_000 * 0.0000004, 9);
  });

  it('restoring a whole backup: 40,000 GB at $0.02', () => {
    expect(costOf(/^restoring/)).toMatchObject({ onceUsd: 800, monthlyUsd: 0 });
  });

  it('backups count a small file as 128 KB', () => {
    const small = { bytes: 1000, objects: 1000 };
    expect(costOf(/^backups/, { changed: 0 }, small).monthlyUsd).toBeCloseTo((1000 * 131_072 * 0.05) / 1e9, 12);
  });

  it('a bulk change: a quarter for the job, a dollar for a million objects, and a request for each', () => {
    expect(bulkUsd(80_000, 's3Put', prices)).toBeCloseTo(0.25 + 0.08 + 0.4, 9);
    expect(costOf(/Glacier Instant/).onceUsd).toBeCloseTo(0.25 + 0.08 + 1.6, 9);
  });

  it('the transfer host: 118.5 hours at 0.75 Gb/s, of instance, address and disk', () => {
    const hours = (8 * 40e12) / 0.75e9 / 3600;
    expect(hours).toBeCloseTo(118.5, 1);
    expect(costOf(/^transfer host/).onceUsd).toBeCloseTo(hours * (0.077 + 0.005 + (30 * 0.08) / 730), 6);
  });
});

it('no option is cheaper for more data, and none has a negative cost', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (gb, more, changed) => {
        const costs = (size: number) =>
          optionCosts({ bytes: size * 1e9, objects: size * 2 }, { ...USE, changed }, prices);
        const larger = costs(gb + more);
        costs(gb).forEach((cost, at) => {
          expect(cost.monthlyUsd).toBeGreaterThanOrEqual(0);
          expect((larger[at]?.monthlyUsd ?? -1) + 1e-9).toBeGreaterThanOrEqual(cost.monthlyUsd);
          expect((larger[at]?.onceUsd ?? -1) + 1e-9).toBeGreaterThanOrEqual(cost.onceUsd);
        });
      },
    ),
    { numRuns: 100 },
  );
});

it.each(['us-east-1', 'eu-west-1'])('%s has every price', (region) => {
  expect(optionCosts(FORTY_TB, USE, listedPrices(region)).map(({ monthlyUsd }) => monthlyUsd)).not.toContain(
    Number.NaN,
  );
});
