import process from 'node:process';
import { plainTable, wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';

/** With --json, prints the list as a file that --prices takes. */
export async function showPrices(options: PriceOptions): Promise<number> {
  const prices = await askedPrices(options);
  const list = prices.table;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ type: 'storage.prices', ...list })}\n`);
    return 0;
  }
  const rows = Object.entries(list.items).flatMap(([name, { regions }]) => {
    const price = regions[prices.region];
    return price ? [[name, `$${price.usd}`, price.asOf, isChecked(price.source) ? 'read' : 'listed']] : [];
  });
  const note = `Prices of ${prices.region}. "read": read at the source that the file names; "listed": as published, not checked here. --json prints the whole file, with units and sources.`;
  process.stdout.write(`${plainTable(['price', 'dollars', 'month', 'source'], rows)}\n${wrapped(note)}\n`);
  return 0;
}

const isChecked = (source: string) => source.startsWith('http');
