import { describe, expect, it } from '@jest/globals';
import { listedPrices } from '../../../core/storage/list-prices.ts';
import { keepingPlans } from '../../../core/storage/what-if.ts';

const plans = keepingPlans({ bytes: 1e12, objects: 1000 }, 6, listedPrices());
const paid = (name: string) => plans.find((plan) => plan.name === name)?.paidUsd ?? [];
// 1000 files of 1 GB: 10 parts and two requests more, each x $0.000005
const UPLOAD = 1000 * 12 * 0.000005;
const FEE = 1000 * 0.0000025;

describe('the plans of the chart', () => {
  it('pay the same each month in one class', () => {
    expect(paid('S3 Standard')).toEqual([1, 2, 3, 4, 5, 6].map((month) => expect.closeTo(UPLOAD + month * 23, 9)));
  });

  it('sink with Intelligent-Tiering: a month frequent, two infrequent, then archived for instant access', () => {
    const months = [23, 12.5, 12.5, 4, 4, 4].map((usd) => usd + FEE);
    expect(paid('Intelligent-Tiering').at(-1)).toBeCloseTo(
      months.reduce((sum, usd) => sum + usd, UPLOAD),
      9,
    );
    expect(paid('Intelligent-Tiering')[0]).toBeCloseTo(UPLOAD + 23 + FEE, 9);
  });

  it('sink further where the archive tiers are on: three months later $0.0036 a GB and not $0.004', () => {
    const [with_, without] = [paid('Intelligent-Tiering with archive tiers'), paid('Intelligent-Tiering')];
    expect(with_.slice(0, 3)).toEqual(without.slice(0, 3));
    expect(with_.at(-1)).toBeLessThan(without.at(-1) ?? 0);
  });

  it('never go down', () => {
    for (const { paidUsd } of plans) expect(paidUsd).toEqual([...paidUsd].sort((a, b) => a - b));
  });
});
