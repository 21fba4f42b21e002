import { type AwsPrices, listedPrices, ownPrices } from '../../core/storage/list-prices.ts';
import { readPriceFile } from '../../runtime/price-files.ts';
import { printable } from '../terminal/printable.ts';

/** The options that every `storage` command has. */
export type PriceOptions = { readonly region?: string; readonly prices?: string; readonly json?: boolean };

/** Returns the prices that the options ask for. Throws `usage`, `no-input` and `bad-input`. */
export async function askedPrices({ region, prices }: PriceOptions): Promise<AwsPrices> {
  if (prices === undefined) return listedPrices(region);
  return ownPrices(await readPriceFile(prices), printable(prices), region);
}
