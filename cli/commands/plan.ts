import { basename, dirname, resolve } from 'node:path';
import process from 'node:process';
import Table from 'cli-table3';
import { placeResults } from '../../app/place-results.ts';
import { type PlannedDrop, type PlannedRendition, planDrop, planFigures } from '../../app/plan-drop.ts';
import { requestFor } from '../../app/request-for.ts';
import { jobOfNamed } from '../../app/take-drop.ts';
import { unrecordedNames } from '../../app/unrecorded-names.ts';
import { usage } from '../../core/errors.ts';
import { formatBytes, formatSeconds, formatUsd } from '../../core/format.ts';
import type { Layout } from '../../core/job/drop.ts';
import { type Menu, type Order, ordersFor } from '../../core/recipes/menu.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { cores, openLocal, withTemporaryFolder } from '../../runtime/local-ports.ts';
import { placingPorts } from '../../runtime/placing-ports.ts';
import { interruptSignal } from '../interrupt.ts';
import { laidOrders } from '../laid-orders.ts';
import { menuArgument } from '../menu-argument.ts';
import { printable } from '../printable.ts';
import { recipesArgument } from '../recipes-argument.ts';
import { settingsArgument } from '../settings-argument.ts';
import { streamsTable } from '../streams-table.ts';

export type PlanOptions = {
  readonly recipe: readonly string[];
  readonly size?: string;
  readonly fps?: string;
  readonly minutes?: string;
  readonly set: readonly string[];
  readonly work?: string;
  readonly root?: string;
  readonly out?: string;
  readonly layout?: Layout;
  readonly remake?: boolean;
  readonly json?: boolean;
};

export async function plan(file: string | undefined, options: PlanOptions): Promise<number> {
  const menu = await menuArgument(options.root);
  const orders = ordersFor(recipesArgument(options.recipe, menu), settingsArgument(options.set));
  const tell = (order: Order, planned: PlannedDrop) => process.stdout.write(toldOf(order, planned, options, orders));
  if (file !== undefined) {
    await planFile(resolve(file), { orders, menu }, options, tell);
    return 0;
  }
  const figures = figuresOf(options);
  for (const order of orders) tell(order, planFigures(figures, order, cores()));
  return 0;
}

/** Leaves nothing behind: if no work folder is named, a temporary one is used. */
async function planFile(
  path: string,
  { orders, menu }: { readonly orders: readonly Order[]; readonly menu: Menu },
  { work, out, root, layout, remake = false }: PlanOptions,
  tell: (order: Order, planned: PlannedDrop) => void,
): Promise<void> {
  const signal = interruptSignal();
  const plan = async (folder: string) => {
    const local = await openLocal(folder, signal, () => {}, root);
    try {
      const places = { sources: dirname(path), outputs: out === undefined ? folder : resolve(out) };
      const intake = folderIntake(local, places, async () => menu);
      const ports = local.portsFor(places);
      const film = { path: basename(path), location: path };
      const placing = placingPorts(local, places.outputs, signal);
      const names = unrecordedNames(placing.names);
      const placed = await placeResults([film], laidOrders(orders, layout, menu), { ...placing, names });
      for (const order of placed.get(film) ?? []) {
        const job = await jobOfNamed(basename(path), order, intake);
        tell(order, await planDrop({ ...requestFor(job, menu), remake }, ports, signal));
      }
    } finally {
      await local.close();
    }
  };
  await (work === undefined ? withTemporaryFolder(plan) : plan(resolve(work)));
}

function toldOf({ recipe }: Order, planned: PlannedDrop, { json }: PlanOptions, all: readonly Order[]): string {
  if (json) return `${JSON.stringify({ type: 'plan', recipe: recipe.id, ...planned })}\n`;
  return `${all.length > 1 ? `${recipe.id}\n` : ''}${tablesOf(planned)}\n`;
}

function figuresOf({ size, fps, minutes }: PlanOptions) {
  const sides = /^([1-9]\d*)[x:]([1-9]\d*)$/.exec(size ?? '');
  const rate = parseRational(fps) ? toNumber(parseRational(fps) ?? { num: 0, den: 1 }) : Number(fps);
  const length = Number(minutes);
  if (!sides || !(rate > 0) || !(length > 0)) {
    throw usage('give a file, or all of --size 4096x1728 --fps 25 --minutes 128');
  }
  return { width: Number(sides[1]), height: Number(sides[2]), fps: rate, minutes: length };
}

function tablesOf({ renditions, thumbnails, streams, warnings }: PlannedDrop): string {
  const style = { head: [], border: [], compact: true };
  const made = new Table({ head: HEAD, style });
  for (const each of renditions) made.push(rowOf(each, renditions));
  if (thumbnails)
    made.push([
      `${'  '.repeat(depthOf(thumbnails, renditions))}thumbnails`,
      '',
      `${thumbnails.action}: ${thumbnails.why}`,
    ]);
  const told = warnings.map((warning) => `warning: ${printable(warning)}`);
  const tables = [made.toString(), ...savedBy(renditions), ...(streams.length > 0 ? [streamsTable(streams)] : [])];
  return [...tables, ...told].join('\n');
}

const HEAD = [
  'rendition',
  'picture',
  'action',
  'segments',
  'reused',
  'time',
  'file',
  'disk at most',
  'on Fargate Spot',
];

/** The table row of a rendition, indented below the one that it is made from. */
function rowOf(rendition: PlannedRendition, all: readonly PlannedRendition[]): (string | number)[] {
  const { name, width, height, segments, reused, estimate, action, why } = rendition;
  const { seconds, outputBytes, diskBytes, usd } = estimate;
  const label = `${'  '.repeat(depthOf(rendition, all))}${name}`;
  const there = [label, `${width}x${height}`, `${action}: ${why}`];
  if (action === 'wait') return [...there, segments, '-', '-', '-', '-', '-'];
  if (action !== 'make') return [...there, segments, segments, '-', '-', '-', '-'];
  const file = `about ${formatBytes(outputBytes)}`;
  return [...there, segments, reused, formatSeconds(seconds), file, formatBytes(diskBytes), formatUsd(usd)];
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
