import { basename, dirname, join, resolve } from 'node:path';
import { usage } from '../../core/errors.ts';
import { collectedPlaces } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { resolveSettings } from '../../core/recipes/settings.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { interruptSignal } from '../interrupt.ts';
import { millOne } from '../mill-one.ts';
import { settingsArgument } from '../settings-argument.ts';
import { told } from '../told.ts';

export type RunOptions = {
  readonly recipe: string;
  readonly out: string;
  readonly set: readonly string[];
  readonly work?: string;
  readonly json?: boolean;
};

/** All files are tried; the exit code is the first failure's. */
export async function run(files: readonly string[], options: RunOptions): Promise<number> {
  const recipe = recipeNamed(options.recipe);
  const settings = settingsArgument(options.set);
  resolveSettings(recipe, settings);
  refuseSameNames(files);
  const signal = interruptSignal();
  const teller = told({ json: options.json ?? false });
  const out = resolve(options.out);
  const local = await openLocal(resolve(options.work ?? join(out, '.work')), signal, teller.say);
  let exitCode = 0;
  try {
    for (const file of files) {
      const request = { recipe, settings, ...requestOf(resolve(file), recipe.id, out) };
      const code = await millOne(request, local, { teller, signal, ifBusy: 'wait' });
      exitCode ||= code;
      if (signal.aborted) break;
    }
  } finally {
    teller.end();
    await local.close();
  }
  return exitCode;
}

function requestOf(path: string, recipe: string, out: string) {
  const source = basename(path);
  return {
    source,
    places: { sources: dirname(path), outputs: out },
    ...collectedPlaces(recipe, source),
    id: jobIdOf({ store: out, recipe, source, version: '' }),
  };
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
