import { ServiceError } from '../../core/errors.ts';
import { type AwsPrices, listedPrices } from '../../core/storage/list-prices.ts';
import type { RestoreRules } from '../../core/storage/restore-rules.ts';
import { bucketConfig } from '../config.ts';

/** How archived sources are made readable. In a region without listed prices, those of the list's own region are told. */
export const restoreRules = (tier: RestoreRules['tier']): RestoreRules => ({ tier, prices: pricesHere() });

/** The prices of this region. */
export function pricesHere(): AwsPrices {
  try {
    return listedPrices(bucketConfig().region);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return listedPrices();
  }
}
