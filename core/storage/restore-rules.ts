import type { AwsPrices } from './list-prices.ts';

/** How archived sources are made readable: by which tier, and the prices of the region. */
export type RestoreRules = { readonly tier: 'standard' | 'bulk'; readonly prices: AwsPrices };
