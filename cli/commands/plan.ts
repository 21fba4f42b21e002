import { basename, dirname, resolve } from 'node:path';
import process from 'node:process';
import Table from 'cli-table3';
import { type PlannedDrop, planDrop, planFigures } from '../../app/plan-drop.ts';
import { usage } from '../../core/errors.ts';
import { formatBytes, formatSeconds, formatUsd } from '../../core/format.ts';
import { collectedPlaces } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import type { RawSettings } from '../../core/recipes/settings.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import { cores, openLocal, withTemporaryFolder } from '../../runtime/local-ports.ts';
import { interruptSignal } from '../interrupt.ts';
import { printable } from '../printable.ts';
import { settingsArgument } from '../settings-argument.ts';

export type PlanOptions = {
  readonly recipe: string;
  readonly size?: string;
  readonly fps?: string;
  readonly minutes?: string;
  readonly set: readonly string[];
  readonly work?: string;
  readonly json?: boolean;
};

export async function plan(file: string | undefined, options: PlanOptions): Promise<number> {
  const recipe = recipeNamed(options.recipe);
  const settings = settingsArgument(options.set);
  const planned =
    file === undefined
      ? planFigures(figuresOf(options), { recipe, settings }, cores())
      : await planFile(resolve(file), recipe, settings, options.work);
  process.stdout.write(
    options.json ? `${JSON.stringify({ type: 'plan', recipe: recipe.id, ...planned })}\n` : `${tablesOf(planned)}\n`,
  );
  return 0;
}

/** Nothing is left behind: where no work folder is named, one is made and removed again. */
async function planFile(
  path: string,
  recipe: Recipe,
  settings: RawSettings,
  work: string | undefined,
): Promise<PlannedDrop> {
  const signal = interruptSignal();
  const plan = async (folder: string) => {
    const local = await openLocal(folder, signal, () => {});
    try {
      const source = basename(path);
      const id = jobIdOf({ store: folder, recipe: recipe.id, source, version: '' });
      const ports = local.portsFor({ sources: dirname(path), outputs: folder });
      return await planDrop({ source, recipe, settings, ...collectedPlaces(recipe.id, source), id }, ports, signal);
    } finally {
      local.close();
    }
  };
  return work === undefined ? withTemporaryFolder(plan) : plan(resolve(work));
}

function figuresOf({ size, fps, minutes }: PlanOptions) {
  const sides = /^(\d+)[x:](\d+)$/.exec(size ?? '');
  const rate = parseRational(fps) ? toNumber(parseRational(fps) ?? { num: 0, den: 1 }) : Number(fps);
  const length = Number(minutes);
  if (!sides || !(rate > 0) || !(length > 0)) {
    throw usage('give a file, or all of --size 4096x1728 --fps 25 --minutes 128');
  }
  return { width: Number(sides[1]), height: Number(sides[2]), fps: rate, minutes: length };
}

function tablesOf({ renditions, streams, warnings }: PlannedDrop): string {
  const style = { head: [], border: [], compact: true };
  const made = new Table({
    head: ['rendition', 'picture', 'frames', 'segments', 'there', 'time', 'disk at most', 'on Fargate Spot'],
    style,
  });
  for (const { name, width, height, frames, segments, reused, estimate } of renditions) {
    const { seconds, diskBytes, usd } = estimate;
    made.push([
      name,
      `${width}x${height}`,
      frames,
      segments,
      reused,
      formatSeconds(seconds),
      formatBytes(diskBytes),
      formatUsd(usd),
    ]);
  }
  const fates = new Table({
    head: ['stream', 'type', 'codec', 'fate', 'why'],
    style,
    colWidths: [8, 12, 14, 11, 64],
    wordWrap: true,
  });
  for (const { index, type, codec, fate, why } of streams)
    fates.push([index, type, printable(codec), fate, printable(why)]);
  const told = warnings.map((warning) => `warning: ${printable(warning)}`);
  return [made.toString(), ...(streams.length > 0 ? [fates.toString()] : []), ...told].join('\n');
}
