import process from 'node:process';
import { assumedSource, type JobCost, jobCost, orderOnAws } from '../../app/plan/job-cost.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import { BILL_ASSUMED, type JobBill } from '../../core/plan/job-bill.ts';
import { type Order, ordersFor } from '../../core/recipes/menu.ts';
import type { AwsPrices } from '../../core/storage/list-prices.ts';
import { storageClass } from '../../core/storage/storage-classes.ts';
import { menuArgument } from '../arguments/menu-argument.ts';
import { recipesArgument } from '../arguments/recipes-argument.ts';
import { settingsArgument } from '../arguments/settings-argument.ts';
import { planOrders, type SourceOptions } from '../films/planned-drops.ts';
import { numberFigure, sizeFigure } from '../terminal/figures.ts';
import { plainTable, wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';

type JobCostOptions = PriceOptions &
  SourceOptions & {
    readonly recipe: readonly string[];
    readonly set: readonly string[];
    readonly sourceSize?: string;
    readonly disk?: string;
  };

/** Prints what the jobs of a film would cost on AWS under each recipe, line by line. Returns the exit code; throws `usage`. */
export async function priceJob(file: string | undefined, options: JobCostOptions): Promise<number> {
  const prices = await askedPrices(options);
  const { disk } = options;
  const diskGib =
    disk === undefined ? undefined : numberFigure('--disk', disk, { least: 21, most: 200, isWhole: true });
  const asked = options.sourceSize === undefined ? undefined : sizeFigure('--source-size', options.sourceSize);
  const menu = await menuArgument(options.root);
  const orders = ordersFor(recipesArgument(options.recipe, menu), settingsArgument(options.set)).map(orderOnAws);
  await planOrders(file, { orders, menu }, options, (order, planned) => {
    const source = assumedSource(planned.source, asked);
    const cost = jobCost({ ...planned, source }, order, { prices, diskGib });
    const text = options.json ? JSON.stringify(recordOf(order, cost, prices)) : textOf(order, cost, prices);
    process.stdout.write(`${text}\n`);
  });
  return 0;
}

function recordOf({ recipe }: Order, cost: JobCost, { region, asOf }: AwsPrices) {
  return { type: 'storage.job', recipe: recipe.id, region, asOf, ...cost, assumed: BILL_ASSUMED };
}

function textOf({ recipe }: Order, cost: JobCost, { region, asOf }: AwsPrices): string {
  const { work, spot, onDemand, mediaConvertUsd, notConverted, keptSource, disks, refused } = cost;
  const names = [...new Set([...onDemand.lines, ...spot.lines].map(({ what }) => what))];
  const usdOf = (bill: JobBill, name: string) => bill.lines.find(({ what }) => what === name)?.usd ?? 0;
  const rows = names.map((name) => [name, formatUsd(usdOf(spot, name)), formatUsd(usdOf(onDemand, name))]);
  const machines = work.isOnCard
    ? 'a machine with a graphics card'
    : `${work.way === 'single' ? 1 : work.tasks + 2} of ${work.size.vcpu} vCPU with ${work.size.memoryMiB / 1024} GiB`;
  const what = `${recipe.id}: source ${formatBytes(work.sourceBytes)}, results about ${formatBytes(work.resultBytes)}, ${region}, prices of ${asOf}`;
  const hours = `${machines}, ${spot.machineHours.toFixed(2)} machine hours in all`;
  const sums = ['in all', formatUsd(spot.usd), formatUsd(onDemand.usd)];
  return [
    wrapped(what),
    hours,
    ...(work.isOnCard
      ? []
      : [
          `disk in GiB: ${Object.entries(disks)
            .map(([task, gib]) => `${task} ${gib}`)
            .join(', ')}`,
        ]),
    ...(refused === undefined ? [] : [wrapped(`It would be refused: ${refused}`)]),
    plainTable(['line', 'Spot', 'on demand'], [...rows, sums]),
    wrapped(convertedText(mediaConvertUsd, notConverted)),
    ...(keptSource ? [wrapped(keptText(keptSource))] : []),
    wrapped(
      'Making alone; "storage estimate" has what keeping costs. A reclaimed Spot machine and what is already made are not counted.',
    ),
  ].join('\n');
}

function keptText({ storageClass: name, bytes, usdMonth }: NonNullable<JobCost['keptSource']>): string {
  const { title, leastDays } = storageClass(name);
  const least = leastDays > 0 ? `, for at least ${leastDays} days` : '';
  return `The kept source (${formatBytes(bytes)}) costs ${formatUsd(usdMonth)} a month in ${title}${least}.`;
}

function convertedText(usd: number | undefined, notConverted: readonly string[]): string {
  const without = notConverted.length > 0 ? `, without ${notConverted.join(', ')}, which it does not make` : '';
  return usd === undefined
    ? 'MediaConvert: none of this, or no price of it in the list.'
    : `MediaConvert: at least ${formatUsd(usd)}${without}; HEVC and several passes cost more there by factors that were not checked.`;
}
