import process from 'node:process';
import Table from 'cli-table3';
import type { PlannedDrop, PlannedRendition } from '../../app/plan-drop.ts';
import { formatBytes, formatSeconds, formatUsd } from '../../core/format.ts';
import { type Order, ordersFor } from '../../core/recipes/menu.ts';
import { menuArgument } from '../menu-argument.ts';
import { planOrders, type SourceOptions } from '../planned-drops.ts';
import { printable } from '../printable.ts';
import { recipesArgument } from '../recipes-argument.ts';
import { settingsArgument } from '../settings-argument.ts';
import { streamsTable } from '../streams-table.ts';

export type PlanOptions = SourceOptions & {
  readonly recipe: readonly string[];
  readonly set: readonly string[];
  readonly json?: boolean;
};

export async function plan(file: string | undefined, options: PlanOptions): Promise<number> {
  const menu = await menuArgument(options.root);
  const orders = ordersFor(recipesArgument(options.recipe, menu), settingsArgument(options.set));
  const tell = (order: Order, planned: PlannedDrop) => process.stdout.write(toldOf(order, planned, options, orders));
  await planOrders(file, { orders, menu }, options, tell);
  return 0;
}

function toldOf({ recipe }: Order, planned: PlannedDrop, { json }: PlanOptions, all: readonly Order[]): string {
  if (json) return `${JSON.stringify({ type: 'plan', recipe: recipe.id, ...planned })}\n`;
  return `${all.length > 1 ? `${recipe.id}\n` : ''}${tablesOf(planned)}\n`;
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
