import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listedPrices } from '../../../core/storage/list-prices.ts';
import { type Transfer, transferCosts } from '../../../core/storage/transfer-cost.ts';

const prices = listedPrices();
const FORTY_TB: Transfer = { bytes: 40e12, objects: 80_000, direction: 'in', lineBitsPerSecond: 1e9, isFar: false };
const by = (transfer: Partial<Transfer> = {}) =>
  new Map(transferCosts({ ...FORTY_TB, ...transfer }, prices).map((cost) => [cost.way, cost]));

describe('moving 40 TB', () => {
  it('takes at least 320,000 seconds over a gigabit line, 3.7 days: 40e12 B x 8 / 1e9', () => {
    for (const way of ['rclone', 'acceleration', 'datasync'] as const) expect(by().get(way)?.seconds).toBe(320_000);
  });

  it.each([
    // 80,000 files x 7 requests x $0.000005
    { way: 'rclone', change: {}, usd: 2.8 },
    { way: 'acceleration', change: {}, usd: 2.8 + 40_000 * 0.04 },
    { way: 'acceleration', change: { isFar: true }, usd: 2.8 + 40_000 * 0.08 },
    { way: 'datasync', change: {}, usd: 2.8 + 40_000 * 0.0125 },
    { way: 'snowball', change: {}, usd: 300 },
    // two devices of 80 TB
    { way: 'snowball', change: { bytes: 100e12 }, usd: 600 },
    // out: 80,000 x $0.0000004 + 10,240 GB less 100 free... each band at its own price
    { way: 'rclone', change: { direction: 'out' }, usd: 0.032 + 10_240 * 0.09 + 29_660 * 0.085 },
    { way: 'snowball', change: { direction: 'out' }, usd: 300 + 40_000 * 0.03 },
  ] as const)('by $way with $change costs $usd', ({ way, change, usd }) => {
    expect(by(change).get(way)?.usd).toBeCloseTo(usd, 6);
  });

  it('by Snowball takes the shipping, and two days and a half to fill the device', () => {
    // 7 days + 40e12 B / 200e6 B/s
    expect(by().get('snowball')?.seconds).toBe(7 * 86_400 + 200_000);
    expect(by().get('snowball')?.note).toContain('closed to new customers since November 2025');
  });

  it('has no price for Snowball in a region whose price is not known', () => {
    const ireland = transferCosts(FORTY_TB, listedPrices('eu-west-1'));
    expect(ireland.find(({ way }) => way === 'snowball')?.usd).toBeUndefined();
    expect(ireland.find(({ way }) => way === 'rclone')?.usd).toBeCloseTo(2.8, 9);
  });
});

describe('any transfer', () => {
  it('is never quicker than the line, and costs more for more', () => {
    const anyTransfer = fc.record({
      bytes: fc.double({ min: 1, max: 1e17, noNaN: true }),
      objects: fc.integer({ min: 1, max: 1e7 }),
      direction: fc.constantFrom('in' as const, 'out' as const),
      lineBitsPerSecond: fc.double({ min: 1e3, max: 1e14, noNaN: true }),
      isFar: fc.boolean(),
    });
    fc.assert(
      fc.property(anyTransfer, (transfer) => {
        const ways = transferCosts(transfer, prices);
        const more = transferCosts({ ...transfer, bytes: 2 * transfer.bytes, objects: 2 * transfer.objects }, prices);
        for (const [i, { way, seconds, usd }] of ways.entries()) {
          if (way !== 'snowball') {
            expect((transfer.bytes * 8) / seconds).toBeLessThanOrEqual(transfer.lineBitsPerSecond * (1 + 1e-9));
          }
          expect(more[i]?.usd).toBeGreaterThanOrEqual(usd ?? 0);
        }
      }),
    );
  });
});
