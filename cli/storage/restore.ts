import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import { restoreCosts } from '../../core/storage/restore-cost.ts';
import { CLASS_NAMES, isClassName, storageClass } from '../../core/storage/storage-classes.ts';
import { numberFigure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import { type EstimateOptions, holdingOf } from './estimate.ts';
import { plainTable, wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';
import { waitText } from './waits.ts';

type RestoreOptions = PriceOptions &
  Pick<EstimateOptions, 'size' | 'objects' | 'objectSize'> & { readonly from: string; readonly days: string };

/** Prints how soon and at what cost files of an archive class can be read, by each way of restoring them. Returns the exit code; throws `usage`. */
export async function estimateRestore(options: RestoreOptions): Promise<number> {
  const { from, json } = options;
  const holding = holdingOf(options);
  if (!isClassName(from)) {
    throw usage(`--from: no storage class "${printable(from)}"; there are: ${CLASS_NAMES.join(', ')}`);
  }
  const days = numberFigure('--days', options.days, { least: 1, most: 3650, isWhole: true });
  const prices = await askedPrices(options);
  const tiers = restoreCosts(from, holding, days, prices);
  const { region, asOf } = prices;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ type: 'storage.restore', region, asOf, ...holding, from, days, tiers })}\n`,
    );
    return 0;
  }
  const rows = tiers.map(({ tier, hours, requestsUsd, retrievalUsd, copyUsd, totalUsd }) => [
    tier,
    waitText(hours),
    ...[requestsUsd, retrievalUsd, copyUsd, totalUsd].map(formatUsd),
  ]);
  const { title, isMonitored, restore } = storageClass(from);
  const copy = isMonitored
    ? 'Restored objects lie in Frequent and then Infrequent Access again, which "kept" counts until they may be archived again after 90 days.'
    : `"kept" is the restored copy in S3 Standard for ${days} days.`;
  const what = `${formatBytes(holding.bytes)} in ${holding.objects.toLocaleString('en-US')} files of ${title}, ${region}, prices of ${asOf}`;
  const table = plainTable(['way', 'readable in', 'requests', 'retrieval', 'kept', 'in all'], rows);
  process.stdout.write(`${[what, table, ...(restore ? [wrapped(copy)] : [])].join('\n')}\n`);
  return 0;
}
