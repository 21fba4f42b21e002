import { basename, dirname, join, resolve } from 'node:path';
import type { JobRequest } from '../../app/job-request.ts';
import { usage } from '../../core/errors.ts';
import { collectedPlaces } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { type Order, ordersFor } from '../../core/recipes/menu.ts';
import { resolveSettings } from '../../core/recipes/settings.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { interruptSignal } from '../interrupt.ts';
import { menuArgument } from '../menu-argument.ts';
import { millEach } from '../mill-one.ts';
import { recipesArgument } from '../recipes-argument.ts';
import { settingsArgument } from '../settings-argument.ts';
import { told } from '../told.ts';

export type RunOptions = {
  readonly recipe: readonly string[];
  readonly out: string;
  readonly set: readonly string[];
  readonly work?: string;
  readonly root?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
};

/** All files are tried, each under all recipes; the exit code is the first failure's. */
export async function run(files: readonly string[], options: RunOptions): Promise<number> {
  const root = options.root === undefined ? undefined : resolve(options.root);
  const orders = ordersFor(recipesArgument(options.recipe, await menuArgument(root)), settingsArgument(options.set));
  for (const { recipe, settings } of orders) resolveSettings(recipe, settings);
  refuseSameNames(files);
  const signal = interruptSignal();
  const teller = told({ json: options.json ?? false });
  const out = resolve(options.out);
  const work = resolve(options.work ?? join(out, '.work'));
  const local = await openLocal(work, signal, teller.say, root);
  let exitCode = 0;
  try {
    const drops = files.map((file) => {
      const path = resolve(file);
      const places = { sources: dirname(path), outputs: out, root };
      return { path, places, ports: local.portsFor(places) };
    });
    for (let drop = drops.shift(); drop; drop = drops.shift()) {
      const [next] = drops;
      if (next) hashAhead(next, signal).catch(() => {}); // its own turn says what is wrong
      const { path, places, ports } = drop;
      const { remake = false } = options;
      const requests = orders.map((order) => ({ ...requestOf(order, basename(path), places), remake }));
      const code = await millEach(requests, ports, { teller, signal, ifBusy: 'wait' });
      exitCode ||= code;
      if (signal.aborted) break;
    }
  } finally {
    teller.end();
    await local.close();
  }
  return exitCode;
}

type Drop = { readonly path: string; readonly ports: Ports };

/** Of a file only: whoever reads a pipe waits for its writer, and a device may have no end. */
async function hashAhead({ path, ports: { sources, media } }: Drop, signal: AbortSignal): Promise<void> {
  if (await sources.head(basename(path))) await media.hash(path, { signal, onProgress: () => {} });
}

function requestOf({ recipe, settings }: Order, source: string, places: NonNullable<JobRequest['places']>): JobRequest {
  const id = jobIdOf({ store: places.outputs, recipe: recipe.id, source, version: '' });
  return { recipe, settings, source, places, ...collectedPlaces(recipe.id, source), id };
}

/** Results lie by file name: two files of one name would replace each other. */
function refuseSameNames(files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const name = basename(resolve(file));
    const before = seen.get(name);
    if (before !== undefined && resolve(before) !== resolve(file)) {
      throw usage(`${before} and ${file} would share one folder of results; give them different --out folders`);
    }
    seen.set(name, file);
  }
}
