import { describe, expect, it } from '@jest/globals';
import { NO_OPT_IN, tierAfter, tierShares } from '../../../core/storage/tiering.ts';

describe('Intelligent-Tiering', () => {
  it.each([
    { days: 0, tier: 'it-frequent' },
    { days: 29, tier: 'it-frequent' },
    { days: 30, tier: 'it-infrequent' },
    { days: 89, tier: 'it-infrequent' },
    { days: 90, tier: 'it-archive-instant' },
    { days: 5000, tier: 'it-archive-instant' },
  ])('has an object that nobody read for $days days in $tier', ({ days, tier }) => {
    expect(tierAfter(days)).toBe(tier);
  });

  it.each([
    { days: 89, tier: 'it-infrequent' },
    { days: 90, tier: 'it-archive' },
    { days: 179, tier: 'it-archive' },
    { days: 180, tier: 'it-deep-archive' },
  ])('with both archive tiers has it after $days days in $tier', ({ days, tier }) => {
    expect(tierAfter(days, { archive: 90, deepArchive: 180 })).toBe(tier);
  });

  it('divides a month in which an object moves', () => {
    const optIn = { archive: 100, deepArchive: undefined };
    expect(tierShares(3, NO_OPT_IN)).toEqual(new Map([['it-archive-instant', expect.closeTo(1)]]));
    expect(tierShares(3, optIn)).toEqual(
      new Map([
        ['it-archive-instant', expect.closeTo(10 / 30)],
        ['it-archive', expect.closeTo(20 / 30)],
      ]),
    );
  });
});
