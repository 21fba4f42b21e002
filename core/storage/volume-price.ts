import type { AwsPrices, PriceName } from './list-prices.ts';

/** A part of a month's volume that has a price of its own; the parts of one price follow each other. */
export type VolumeBand = { readonly upToGb: number; readonly row: PriceName };

/** One price for any volume. */
export const flat = (row: PriceName): readonly VolumeBand[] => [{ upToGb: Number.POSITIVE_INFINITY, row }];

/** Returns what so many GB cost in a month: each part of the volume at the price of its band. */
export function volumeUsd(gb: number, bands: readonly VolumeBand[], prices: AwsPrices): number {
  let [from, usd] = [0, 0];
  for (const { upToGb, row } of bands) {
    if (gb <= from) break;
    usd += (Math.min(gb, upToGb) - from) * prices.usd(row);
    from = upToGb;
  }
  return usd;
}

/** The price list counts 1024 GB to the TB where it divides a volume. */
const TB = 1024;

/** S3 Standard, and the frequent tier of Intelligent-Tiering, cost less by the GB beyond 50 and 500 TB. */
export const STANDARD_BANDS: readonly VolumeBand[] = [
  { upToGb: 50 * TB, row: 's3GbMonth' },
  { upToGb: 500 * TB, row: 's3GbMonthNext450Tb' },
  { upToGb: Number.POSITIVE_INFINITY, row: 's3GbMonthOver500Tb' },
];
export const FREQUENT_BANDS: readonly VolumeBand[] = [
  { upToGb: 50 * TB, row: 's3ItFrequentGbMonth' },
  { upToGb: 500 * TB, row: 's3ItFrequentGbMonthNext450Tb' },
  { upToGb: Number.POSITIVE_INFINITY, row: 's3ItFrequentGbMonthOver500Tb' },
];
const OUT_BANDS: readonly VolumeBand[] = [
  { upToGb: 10 * TB, row: 'transferOutGb' },
  { upToGb: 50 * TB, row: 'transferOutGbNext40Tb' },
  { upToGb: 150 * TB, row: 'transferOutGbNext100Tb' },
  { upToGb: Number.POSITIVE_INFINITY, row: 'transferOutGbOver150Tb' },
];

/** Returns what it costs to carry so many GB out of AWS in one month; the first 100 GB are free. */
export const transferOutUsd = (gb: number, prices: AwsPrices): number =>
  volumeUsd(Math.max(0, gb - prices.freeEach('transferOutGb')), OUT_BANDS, prices);
