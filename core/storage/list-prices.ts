import table from '../../resources/prices.json' with { type: 'json' };
import { type Prices, type PriceTable, parsePriceTable, pricesIn, regionsOf } from './price-table.ts';

/** The price list of this version. No other place in the code has a price. */
export const LIST_PRICES: PriceTable = table;

export type PriceName = keyof typeof table.items;
export type AwsPrices = Prices<PriceName>;

const LIST = 'resources/prices.json';

/** Returns the listed prices of a region, by default of the list's own. Throws `usage` for a region that it lacks. */
export const listedPrices = (region: string = table.region): AwsPrices => pricesIn(LIST_PRICES, region, LIST);

/** The regions of this list. */
export const listedRegions = (): readonly string[] => regionsOf(LIST_PRICES);

/** Returns the prices of a user's own list, which has every row of ours. Throws `bad-input` and `usage`. */
export function ownPrices(json: unknown, file: string, region?: string): AwsPrices {
  const own = parsePriceTable(json, file, Object.keys(table.items));
  return pricesIn(own, region ?? own.region, file);
}
