import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import { type OptionUse, optionCosts } from '../../core/storage/option-costs.ts';
import { COPY_CLASSES, isClassName } from '../../core/storage/storage-classes.ts';
import { numberFigure, shareFigure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import { type EstimateOptions, holdingOf } from './estimate.ts';
import { plainTable, wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';

type OptionsOptions = PriceOptions &
  Pick<EstimateOptions, 'size' | 'objects' | 'objectSize'> & {
    readonly changed: string;
    readonly viewed: string;
    readonly lockDays: string;
    readonly replicaClass: string;
    readonly backupDays: string;
  };

/** Prints what each option of a stage costs for so many files. */
export async function priceOptions(options: OptionsOptions): Promise<number> {
  const holding = holdingOf(options);
  const use = useOf(options);
  const prices = await askedPrices(options);
  const costs = optionCosts(holding, use, prices);
  const { region, asOf } = prices;
  if (options.json) {
    const record = { type: 'storage.options', region, asOf, ...holding, ...use, options: costs };
    process.stdout.write(`${JSON.stringify(record)}\n`);
    return 0;
  }
  const rows = costs.map(({ title, setting, onceUsd, monthlyUsd }) => [
    title,
    setting,
    ...[onceUsd, monthlyUsd].map((usd) => (usd === 0 ? '-' : formatUsd(usd))),
  ]);
  const files = `${formatBytes(holding.bytes)} in ${holding.objects.toLocaleString('en-US')} files`;
  const percent = (share: number) => `${Number((100 * share).toFixed(2))} %`;
  const notes = [
    `Beside keeping the files. Assumed are ${percent(use.changed)} of all data replaced or deleted each month, ${percent(use.viewed)} watched elsewhere, and for the transfer host 0.75 Gb/s.`,
    'objectLock, replicaBucket and backup need versioning, whose cost is theirs, too. Copies are counted at the prices of this region.',
  ];
  const table = plainTable(['option', 'setting', 'once', 'a month'], rows);
  process.stdout.write(`${[`${files}, ${region}, prices of ${asOf}`, table, ...notes.map(wrapped)].join('\n')}\n`);
  return 0;
}

function useOf({ changed, viewed, lockDays, replicaClass, backupDays }: OptionsOptions): OptionUse {
  if (!isClassName(replicaClass) || !COPY_CLASSES.includes(replicaClass))
    throw usage(
      `--replica-class: no storage class "${printable(replicaClass)}"; there are: ${COPY_CLASSES.join(', ')}`,
    );
  const days = (name: string, text: string, least: number) =>
    numberFigure(name, text, { least, most: 36_500, isWhole: true });
  return {
    changed: shareFigure('--changed', changed),
    viewed: shareFigure('--viewed', viewed),
    lockDays: days('--lock-days', lockDays, 1),
    replicaClass,
    backupDays: days('--backup-days', backupDays, 7),
  };
}
