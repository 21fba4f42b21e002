import process from 'node:process';
import { assumedSource, type JobCost, jobCost } from '../../app/plan/job-cost.ts';
import type { PlannedDrop, PlannedRendition } from '../../app/plan/plan-drop.ts';
import { formatBytes, formatSeconds, formatUsd } from '../../core/format.ts';
import { type Order, ordersFor } from '../../core/recipes/menu.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';
import { isFolder } from '../../runtime/library.ts';
import { widthOf } from '../../runtime/people.ts';
import { menuArgument } from '../arguments/menu-argument.ts';
import { recipesArgument } from '../arguments/recipes-argument.ts';
import { settingsArgument } from '../arguments/settings-argument.ts';
import { planFolder } from '../films/plan-folder.ts';
import { planOrders, type SourceOptions } from '../films/planned-drops.ts';
import { streamsTable } from '../telling/streams-table.ts';
import { fittedText } from '../terminal/display-width.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { printable } from '../terminal/printable.ts';

export type PlanOptions = SourceOptions & {
  readonly recipe: readonly string[];
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly minSize?: string;
  readonly newerThan?: string;
};

/** Prints what each recipe would make of a film, or of all films of a folder, and makes nothing. Returns the exit code; throws `usage`. */
export async function plan(file: string | undefined, options: PlanOptions): Promise<number> {
  const menu = await menuArgument(options.root);
  const orders = ordersFor(recipesArgument(options.recipe, menu), settingsArgument(options.set));
  if (file !== undefined && (await isFolder(file))) return planFolder(file, { orders, menu }, options);
  const tell = (order: Order, planned: PlannedDrop) => process.stdout.write(toldOf(order, planned, options, orders));
  await planOrders(file, { orders, menu }, options, tell);
  return 0;
}

function toldOf(order: Order, planned: PlannedDrop, { json }: PlanOptions, all: readonly Order[]): string {
  const { recipe } = order;
  const onAws = billOnAws(order, planned);
  if (json)
    return `${JSON.stringify({ type: 'plan', recipe: recipe.id, ...planned, ...(onAws && { onAws: onAws.bill }) })}\n`;
  return `${all.length > 1 ? `${recipe.id}\n` : ''}${tablesOf(planned, onAws)}\n`;
}

/** The bill on Spot, and the disks of the containers; `refused` says why none is large enough, if so. */
type OnAws = JobCost['spot'] & Pick<JobCost, 'disks' | 'refused'> & { readonly region: string; readonly asOf: string };

/** The bill, and how many containers share the work. */
type BilledOnAws = { readonly bill: OnAws; readonly work: JobCost['work'] };

/**
 * The whole bill of the job as `storage job` has it, and as the manifest will: the table's figures are of processors and memory
 * alone. There is none where nothing is made, or where a graphics card would do the work, which `storage job` plans anew.
 */
function billOnAws(order: Order, { renditions, source }: PlannedDrop): BilledOnAws | undefined {
  if (order.recipe.compute === 'gpu' || renditions.every(({ action }) => action !== 'make')) return undefined;
  const prices = listedPrices();
  const planned = { renditions, streams: [], warnings: [], source: assumedSource(source, undefined) };
  const { work, spot, disks, refused } = jobCost(planned, order, { prices });
  return { bill: { ...spot, disks, refused, region: prices.region, asOf: prices.asOf }, work };
}

/** Where each container has one segment, the longest of them is waited for (docs/decisions/0147). */
const SOONER = ', one each: shorter ones (--set segmentSeconds=5-15) are there sooner';

function billTold({ bill, work: { way, tasks, pieces } }: BilledOnAws): string {
  const { usd, lines, disks, refused, region, asOf } = bill;
  if (refused !== undefined) return `as a job on AWS it would be refused: ${refused}`;
  const large = lines.filter((line) => line.usd >= usd / 100);
  const parts = large.map((line) => `${line.what} ${formatUsd(line.usd)}`).join(', ');
  const sizes = Object.entries(disks).map(([task, gib]) => (task === 'whole' ? `${gib} GiB` : `${gib} GiB (${task})`));
  const shared =
    way === 'workflow' ? `; ${tasks} containers share ${pieces} segments${tasks < pieces ? '' : SOONER}` : '';
  return `as a job on AWS, on Spot, about ${formatUsd(usd)} in all (${region}, prices of ${asOf}): ${parts}; on a disk of ${sizes.join(', ')}${shared}`;
}

function tablesOf(
  { renditions, thumbnails, streams, warnings, keptBytes }: PlannedDrop,
  onAws: BilledOnAws | undefined,
): string {
  const width = widthOf(process.stdout);
  const rows = renditions.map((each) => rowOf(each, renditions));
  if (thumbnails) {
    const label = `${'  '.repeat(depthOf(thumbnails, renditions))}thumbnails`;
    rows.push([label, '', `${thumbnails.action}: ${thumbnails.why}`]);
  }
  const told = warnings.map((warning) => fittedText(`warning: ${printable(warning)}`, width, 2));
  return [
    tableOrList(rows, width),
    ...(onAws ? [fittedText(billTold(onAws), width, 2)] : []),
    ...savedBy(renditions).map((sentence) => fittedText(sentence, width, 2)),
    ...(keptBytes === undefined
      ? []
      : [fittedText(`the source is copied beside the results: ${formatBytes(keptBytes)} more`, width, 2)]),
    ...(streams.length > 0 ? [streamsTable(streams, width)] : []),
    ...told,
  ].join('\n');
}

/** Returns a table; where it is wider than the terminal, each rendition with its figures below it. */
function tableOrList(rows: readonly (readonly (string | number)[])[], width: number | undefined): string {
  const table = fittedTable(HEAD, rows, undefined);
  const [first = ''] = table.split('\n');
  if (width === undefined || first.length <= width) return table;
  return rows
    .map(([name = '', picture = '', action = '', ...figures]) => {
      const told = figures.flatMap((figure, at) => (figure === '-' ? [] : [`${HEAD[at + 3]} ${figure}`]));
      const margin = `${/^ */.exec(String(name))?.[0] ?? ''}  `;
      const lines = [
        `${name}  ${picture}`.trimEnd(),
        `${margin}${action}`,
        ...(told.length > 0 ? [`${margin}${told.join(', ')}`] : []),
      ];
      return fittedText(lines.join('\n'), width, 2);
    })
    .join('\n');
}

const HEAD = ['rendition', 'picture', 'action', 'segments', 'reused', 'time', 'file', 'disk', 'on Fargate Spot'];

/** The table row of a rendition, indented below the one that it is made from. */
function rowOf(rendition: PlannedRendition, all: readonly PlannedRendition[]): (string | number)[] {
  const { name, width, height, segments, reused, estimate, action, why } = rendition;
  const { seconds, outputBytes, diskBytes, usd } = estimate;
  const label = `${'  '.repeat(depthOf(rendition, all))}${name}`;
  const there = [label, `${width}x${height}`, `${action}: ${why}`];
  if (action === 'wait') return [...there, segments, '-', '-', '-', '-', '-'];
  if (action !== 'make') return [...there, segments, segments, '-', '-', '-', '-'];
  const file = `about ${formatBytes(outputBytes)}`;
  return [...there, segments, reused, formatSeconds(seconds), file, `about ${formatBytes(diskBytes)}`, formatUsd(usd)];
}

function depthOf({ parent }: Pick<PlannedRendition, 'parent'>, all: readonly PlannedRendition[]): number {
  const above = all.find(({ name }) => name === parent);
  return above ? 1 + depthOf(above, all) : 0;
}

/** A line that says which renditions are skipped because nothing that they depend on changed; none if no one is. */
function savedBy(renditions: readonly PlannedRendition[]): readonly string[] {
  const skipped = renditions.filter(({ action }) => action !== 'make');
  if (skipped.length === 0) return [];
  const seconds = skipped.reduce((sum, { estimate }) => sum + estimate.seconds, 0);
  const usd = skipped.reduce((sum, { estimate }) => sum + estimate.usd, 0);
  const names = skipped.map(({ name }) => name).join(', ');
  return [`skipped: ${names}; that saves about ${formatSeconds(seconds)} here, ${formatUsd(usd)} on Fargate Spot`];
}
