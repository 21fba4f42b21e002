import { resolve } from 'node:path';
import type { MadeJob } from '../../app/make-job.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import type { Layout } from '../../core/job/drop.ts';
import type { Job } from '../../core/job/job.ts';
import { type FileFacts, libraryFilter } from '../../core/library/library-filter.ts';
import { ordersFor } from '../../core/recipes/menu.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { cacheLimit } from '../../runtime/cache-limit.ts';
import { openPutAside } from '../../runtime/in-place.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { keepPace } from '../../runtime/pace.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { closeRun } from '../close-run.ts';
import { confirmed } from '../confirm.ts';
import { countFilms } from '../count-films.ts';
import { fromFile } from '../from-file.ts';
import { folderInPlace, inPlaceOrders } from '../in-place.ts';
import { interruptSignal } from '../interrupt.ts';
import { knownFilms } from '../known-films.ts';
import { laidOrders } from '../laid-orders.ts';
import { menuArgument } from '../menu-argument.ts';
import { namedFilms } from '../named-films.ts';
import { printable } from '../printable.ts';
import { recipesArgument } from '../recipes-argument.ts';
import { settingsArgument } from '../settings-argument.ts';
import { takeBatches } from '../take-batches.ts';
import { newTeller } from '../teller.ts';
import { workHere } from '../work-here.ts';

export type RunCommandOptions = {
  readonly recipe: readonly string[];
  readonly out?: string;
  readonly set: readonly string[];
  readonly work?: string;
  readonly root?: string;
  readonly layout?: Layout;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly minSize?: string;
  readonly newerThan?: string;
  readonly fromFile?: string;
  readonly others?: 'skip' | 'copy';
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly cache?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

/** What a watch, of which this is one round, has already. */
export type RunWithin = { readonly signal: AbortSignal; isWanted(file: FileFacts): boolean };

/**
 * Runs every recipe on every film that is named or lies in a folder that is named, also after a failure. Returns the exit
 * code of the first failure, or 0.
 */
export async function run(named: readonly string[], options: RunCommandOptions, within?: RunWithin): Promise<number> {
  const root = options.root === undefined ? undefined : resolve(options.root);
  const offered = await menuArgument(root);
  const asked = ordersFor(recipesArgument(options.recipe, offered), settingsArgument(options.set));
  for (const { recipe, settings } of asked) resolveSettings(recipe, settings);
  const laid = laidOrders(asked, options.layout, offered);
  const orders = options.replace ? inPlaceOrders(laid) : laid;
  const isWanted = within?.isWanted ?? libraryFilter(options, Date.now());
  if (options.others !== undefined && !['skip', 'copy'].includes(options.others))
    throw usage(`--others ${options.others} is not a choice; there are: skip, copy`);
  const names = [...named, ...(await fromFile(options.fromFile, named.length))];
  const out = await resultsFolder(names, options);
  const signal = within?.signal ?? interruptSignal();
  const teller = newTeller({ ...options, whenWorking: () => countFilms(names, walk).then(teller.foresee, () => {}) });
  const work = workFolderOf(out, options.work, teller.say);
  const local = await openLocal(work, signal, teller.say, root);
  if (!within) keepPace({ work, signal, report: teller.say });
  const menu = async () => offered;
  const knowledge = knownFilms(local, orders, { out, teller, remake: options.remake });
  const keepSmall = cacheLimit(work, local, options.cache);
  const onMade = async (job: Job, made: MadeJob) => {
    await knowledge.onMade(job, made);
    await keepSmall();
  };
  const here = workHere({ local, teller, signal, menu, ifBusy: 'wait', remake: options.remake, onMade });
  const onePictureIsFilm = asked.some(({ settings }) => settings.fps !== undefined);
  const walk = { out, work, root, isWanted, onePictureIsFilm, teller, signal, fail: here.fail };
  try {
    if (options.replace) {
      await openPutAside(out, signal);
      const { films, bytes } = await knowledge.countDue(namedFilms(names, { ...walk, fail: () => {} }));
      const question = `${films} ${films === 1 ? 'film' : 'films'} (${formatBytes(bytes)}) in ${printable(out)} will be replaced by what ${orders[0]?.recipe.id} makes of them; undo puts them back.`;
      if (films > 0 && !options.yes && !(await confirmed(question, `replace ${films}`, signal))) return 0;
    }
    const copiesOthers = options.others === 'copy' && !options.replace;
    const taking = {
      local,
      here,
      knowledge,
      orders,
      out,
      work,
      copiesOthers,
      teller,
      signal,
      menu,
      isWithin: within !== undefined,
    };
    await takeBatches(namedFilms(names, walk), taking);
  } finally {
    const ports = local.portsFor({ sources: out, outputs: out });
    await closeRun({ teller, ports, work, recipes: offered.recipes.map(({ id }) => id) });
    await local.close();
  }
  if (signal.aborted && here.exitCode() === 0) return new ServiceError('interrupted', 'stopped').exitCode;
  return here.exitCode();
}

/** Returns the folder of results; with `--replace` it is the folder of the films. Throws `usage`. */
async function resultsFolder(names: readonly string[], { out, replace }: RunCommandOptions): Promise<string> {
  if (!replace) {
    if (out === undefined)
      throw usage('name the folder of results with --out, or replace films in place with --replace');
    return resolve(out);
  }
  const folder = await folderInPlace(names);
  if (out !== undefined && resolve(out) !== folder)
    throw usage(`--replace puts films in the place of their sources, in ${printable(folder)}; leave --out away`);
  return folder;
}
