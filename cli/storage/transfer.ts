import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import { SNOWBALL_ASSUMED, transferCosts } from '../../core/storage/transfer-cost.ts';
import { lineFigure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import { type EstimateOptions, holdingOf } from './estimate.ts';
import { plainTable, wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';

/** What `--direction` takes. */
export const WAYS = ['in', 'out'] as const;

type TransferCostOptions = PriceOptions &
  Pick<EstimateOptions, 'size' | 'objects' | 'objectSize'> & {
    readonly line?: string;
    readonly direction: string;
    readonly far?: boolean;
  };

/** Prints how long each way of moving files into or out of S3 takes, and what it costs. Returns the exit code; throws `usage`. */
export async function estimateTransfer(options: TransferCostOptions): Promise<number> {
  const { direction, far = false, json } = options;
  const holding = holdingOf(options);
  const lineBitsPerSecond = lineFigure('--line', options.line);
  const way = WAYS.find((each) => each === direction);
  if (way === undefined) {
    throw usage(`--direction takes ${WAYS.join(' or ')}, not "${printable(direction)}"`);
  }
  const prices = await askedPrices(options);
  const ways = transferCosts({ ...holding, direction: way, lineBitsPerSecond, isFar: far }, prices);
  const { region, asOf } = prices;
  if (json) {
    const record = {
      type: 'storage.transfer',
      region,
      asOf,
      ...holding,
      direction,
      lineBitsPerSecond,
      isFar: far,
      ways,
    };
    process.stdout.write(`${JSON.stringify(record)}\n`);
    return 0;
  }
  const rows = ways.map(({ title, seconds, usd }) => [
    title,
    durationText(seconds),
    `${formatBytes(holding.bytes / seconds)}/s`,
    usd === undefined ? 'no price' : formatUsd(usd),
  ]);
  const what = `${formatBytes(holding.bytes)} ${direction === 'in' ? 'into' : 'out of'} S3, ${region}, prices of ${asOf}`;
  const { shippingDays, bytesPerSecond } = SNOWBALL_ASSUMED;
  const notes = [
    'Times are the least that the line allows; nothing that goes over it is quicker.',
    `Snowball is closed to new customers since November 2025; assumed are ${shippingDays} days of shipping both ways and ${bytesPerSecond / 1e6} MB/s to the device, without the shipping's price.`,
  ];
  const table = plainTable(['way', 'at best', 'speed', 'cost'], rows);
  process.stdout.write(`${[what, table, ...notes.map(wrapped)].join('\n')}\n`);
  return 0;
}

/** Seconds as 45 min, 3.7 h or 12.3 days. */
function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
