import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import { costChartPage, costChartSvg } from '../../core/report/cost-chart.ts';
import { type Holding, type KeepingCost, keepingCost, type MonthlyUse } from '../../core/storage/keeping-cost.ts';
import type { AwsPrices } from '../../core/storage/list-prices.ts';
import { CLASS_NAMES, type ClassName, isClassName, storageClass } from '../../core/storage/storage-classes.ts';
import { type KeepingPlan, keepingPlans } from '../../core/storage/what-if.ts';
import { writeChart } from '../../runtime/price-files.ts';
import { numberFigure, shareFigure, sizeFigure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import { plainTable, wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';
import { firstByte } from './waits.ts';

export type EstimateOptions = PriceOptions & {
  readonly size?: string;
  readonly months: string;
  readonly mix?: string;
  readonly objects?: string;
  readonly objectSize: string;
  readonly read: string;
  readonly download: string;
  readonly chart?: string;
};

/** A part of all files that lies in one class, as a share of 1. */
type MixPart = { readonly className: ClassName; readonly share: number };

/** Prints what keeping files costs by storage class, or in a mix of classes, and draws a chart of it. Returns the exit code; throws `usage`. */
export async function estimateKeeping(options: EstimateOptions): Promise<number> {
  const all = holdingOf(options);
  const months = numberFigure('--months', options.months, { least: 1, most: 1200, isWhole: true });
  const access = { read: shareFigure('--read', options.read), download: shareFigure('--download', options.download) };
  const mix = options.mix === undefined ? undefined : mixOf(options.mix);
  const draw = chartDrawer(options.chart);
  const prices = await askedPrices(options);
  const parts = mix ?? CLASS_NAMES.map((className) => ({ className, share: 1 }));
  const costs = parts.map(({ className, share }) =>
    keepingCost(className, partOf(all, share), { access, months }, prices),
  );
  const plans = keepingPlans(all, months, prices);
  if (options.chart !== undefined) {
    const given = mix ? [{ name: 'the mix', paidUsd: paidBy(costs, months) }] : [];
    const chart = { plans: [...plans, ...given], bytes: all.bytes, region: prices.region, asOf: prices.asOf };
    await writeChart(options.chart, draw(chart));
  }
  const told = { all, months, access, costs, plans, isMix: mix !== undefined };
  process.stdout.write(options.json ? `${JSON.stringify(recordOf(told, prices))}\n` : `${textOf(told, prices)}\n`);
  return 0;
}

/** Returns the files that a command is about. Throws `usage`. */
export function holdingOf({
  size,
  objects,
  objectSize,
}: Pick<EstimateOptions, 'size' | 'objects' | 'objectSize'>): Holding {
  const bytes = sizeFigure('--size', size);
  if (objects !== undefined) {
    return { bytes, objects: numberFigure('--objects', objects, { least: 1, most: 1e12, isWhole: true }) };
  }
  return { bytes, objects: Math.max(1, Math.round(bytes / sizeFigure('--object-size', objectSize))) };
}

const partOf = ({ bytes, objects }: Holding, share: number): Holding => ({
  bytes: bytes * share,
  objects: Math.max(1, Math.round(objects * share)),
});

function mixOf(text: string): readonly MixPart[] {
  const parts = text.split(',').map((part): MixPart => {
    const [name = '', percent = ''] = part.split('=').map((each) => each.trim());
    if (!isClassName(name)) {
      throw usage(`--mix names no storage class "${printable(name)}"; there are: ${CLASS_NAMES.join(', ')}`);
    }
    return { className: name, share: shareFigure(`--mix ${name}`, percent) };
  });
  const sum = parts.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    throw usage(`--mix "${printable(text)}" makes ${Number((100 * sum).toFixed(2))} %; its parts have to make 100 %`);
  }
  return parts.filter(({ share }) => share > 0);
}

const paidBy = (costs: readonly KeepingCost[], months: number): readonly number[] =>
  Array.from({ length: months }, (_, i) =>
    costs.reduce((sum, { uploadUsd, monthlyUsd }) => sum + uploadUsd + (i + 1) * monthlyUsd, 0),
  );

function chartDrawer(path: string | undefined): typeof costChartSvg {
  if (path === undefined || /\.svg$/i.test(path)) return costChartSvg;
  if (/\.html?$/i.test(path)) return costChartPage;
  throw usage(`--chart takes a name that ends in .svg or .html, not "${printable(path)}"`);
}

type Estimated = {
  readonly all: Holding;
  readonly months: number;
  readonly access: MonthlyUse;
  readonly costs: readonly KeepingCost[];
  readonly plans: readonly KeepingPlan[];
  readonly isMix: boolean;
};

const total = (costs: readonly KeepingCost[], of: (cost: KeepingCost) => number) =>
  costs.reduce((sum, cost) => sum + of(cost), 0);

function recordOf({ all, months, access, costs, plans, isMix }: Estimated, { region, asOf }: AwsPrices) {
  const sums = {
    monthlyUsd: total(costs, ({ monthlyUsd }) => monthlyUsd),
    uploadUsd: total(costs, ({ uploadUsd }) => uploadUsd),
    totalUsd: total(costs, ({ totalUsd }) => totalUsd),
  };
  return { type: 'storage.estimate', region, asOf, ...all, months, access, classes: costs, ...(isMix && sums), plans };
}

function textOf({ all, months, costs, isMix }: Estimated, { region, asOf }: AwsPrices): string {
  const over = months === 1 ? '1 month' : `${months} months`;
  const rows = costs.map((cost) => [
    storageClass(cost.className).title,
    ...(isMix ? [formatBytes(cost.bytes)] : [firstByte(cost.className)]),
    formatUsd(cost.storageUsd),
    formatUsd(cost.monthlyUsd),
    formatUsd(cost.totalUsd),
  ]);
  const sums = [
    'all',
    formatBytes(all.bytes),
    formatUsd(total(costs, ({ storageUsd }) => storageUsd)),
    formatUsd(total(costs, ({ monthlyUsd }) => monthlyUsd)),
    formatUsd(total(costs, ({ totalUsd }) => totalUsd)),
  ];
  const head = ['class', isMix ? 'data' : 'readable', 'storage', 'a month', over];
  const what = `${formatBytes(all.bytes)} in ${all.objects.toLocaleString('en-US')} files, ${region}, prices of ${asOf}`;
  const how = isMix ? '' : ' Each row has all files in one class.';
  const note = `"a month" has all fees, "${over}" also the upload and the shortest time that a class charges.${how} 1 TB is 1000 GB.`;
  return [what, plainTable(head, isMix ? [...rows, sums] : rows), wrapped(note)].join('\n');
}
