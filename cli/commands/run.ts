import { resolve } from 'node:path';
import type { MadeJob } from '../../app/run/make-anew.ts';
import { asServiceError, ServiceError, usage } from '../../core/errors.ts';
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
import { fromFile } from '../arguments/from-file.ts';
import { menuArgument } from '../arguments/menu-argument.ts';
import { recipesArgument } from '../arguments/recipes-argument.ts';
import { settingsArgument } from '../arguments/settings-argument.ts';
import { type AskedRun, isAgreedToReplace } from '../films/agree-to-replace.ts';
import { countFilms } from '../films/count-films.ts';
import { filmsAsked } from '../films/films-asked.ts';
import { groupsInPlace, inPlaceOrders, type RunGroup } from '../films/in-place.ts';
import { knownFilms } from '../films/known-films.ts';
import { laidOrders } from '../films/laid-orders.ts';
import { namedFilms } from '../films/named-films.ts';
import { OTHERS } from '../films/others-of.ts';
import { takeBatches } from '../films/take-batches.ts';
import { walkOptions } from '../films/walk-options.ts';
import { workHere } from '../films/work-here.ts';
import { closeRun } from '../telling/close-run.ts';
import { newTeller } from '../telling/teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';

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
  readonly atOnce?: string;
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
  const ordered = ordersFor(recipesArgument(options.recipe, offered), settingsArgument(options.set));
  for (const { recipe, settings } of ordered) resolveSettings(recipe, settings);
  filmsAsked(options.atOnce);
  const laid = laidOrders(ordered, options.layout, offered);
  const orders = options.replace ? inPlaceOrders(laid) : laid;
  const isWanted = within?.isWanted ?? libraryFilter(options, Date.now());
  if (options.others !== undefined && !OTHERS.includes(options.others))
    throw usage(`--others ${options.others} is not a choice; there are: ${OTHERS.join(', ')}`);
  const names = [...named, ...(await fromFile(options.fromFile, named.length))];
  const signal = within?.signal ?? interruptSignal();
  const asked = { offered, orders, isWanted, root, signal };
  const groups = await groupsOf(names, options);
  if (options.replace && !options.yes && !(await isAgreedToReplace(groups, options, asked))) return 0;
  let exitCode = 0;
  for (const group of groups) {
    if (signal.aborted) break;
    exitCode ||= await runInto(group, options, { ...asked, within });
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode; // whatever had failed before
  return exitCode;
}

/** Runs films whose results lie in one folder. Returns the exit code of the first failure, or 0. */
async function runInto(
  { names, out }: RunGroup,
  options: RunCommandOptions,
  { offered, orders, isWanted, root, signal, within }: AskedRun & { readonly within: RunWithin | undefined },
): Promise<number> {
  const teller = newTeller(options);
  const work = workFolderOf(out, options.work, teller.say);
  if (options.replace) await openPutAside(out, signal);
  const local = await openLocal(work, signal, teller.say, root);
  if (!within) keepPace({ work, signal, report: teller.say });
  const menu = async () => offered;
  const knowledge = knownFilms(local, orders, { out, teller, remake: options.remake });
  const keepSmall = cacheLimit(work, local, options.cache);
  const onMade = async (job: Job, made: MadeJob) => {
    await knowledge.onMade(job, made);
    await keepSmall();
  };
  const films = filmsAsked(options.atOnce);
  const here = workHere({ local, teller, signal, menu, films, ifBusy: 'wait', remake: options.remake, onMade });
  const looking = { out, work, root, isWanted, teller, signal, fail: here.fail };
  const walk = walkOptions({ ...looking, orders, local, replaces: options.replace });
  let isRefused = false; // what was asked for cannot be made of any film, so that there is nothing to sum up
  try {
    const copiesOthers = options.others === 'copy' && !options.replace;
    const isWithin = within !== undefined;
    const count = () => countFilms(names, orders.length, walk).then(teller.foresee, () => {});
    const taking = { count, local, here, knowledge, orders, out, work, copiesOthers, teller, signal, menu, isWithin };
    await takeBatches(namedFilms(names, walk), taking);
  } catch (error) {
    isRefused = asServiceError(error).code === 'usage' && teller.tally().over === 0;
    throw error;
  } finally {
    const ports = local.portsFor({ sources: out, outputs: out });
    if (isRefused) teller.end();
    else await closeRun({ teller, ports, work, recipes: offered.recipes.map(({ id }) => id) });
    await local.close();
  }
  return here.exitCode();
}

/** Returns the names by the folder of their results; with `--replace` that is the folder of the films. Throws `usage`. */
async function groupsOf(names: readonly string[], { out, replace }: RunCommandOptions): Promise<readonly RunGroup[]> {
  if (replace) return groupsInPlace(names, out);
  if (out === undefined) throw usage('name the folder of results with --out, or replace films in place with --replace');
  return [{ names, out: resolve(out) }];
}
