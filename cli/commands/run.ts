import { resolve } from 'node:path';
import { restOf } from '../../app/copy-others.ts';
import { placeResults } from '../../app/place-results.ts';
import { takeNamed } from '../../app/take-drop.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import type { Layout } from '../../core/job/drop.ts';
import { type FileFacts, libraryFilter } from '../../core/library/library-filter.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { ordersFor } from '../../core/recipes/menu.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { recipeTakesSubtitles } from '../../core/subtitles/beside.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { stagingIn } from '../../runtime/library.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { keepPace } from '../../runtime/pace.ts';
import { placingPorts } from '../../runtime/placing-ports.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { closeRun } from '../close-run.ts';
import { countFilms, sizesOf } from '../count-films.ts';
import { fromFile } from '../from-file.ts';
import { interruptSignal } from '../interrupt.ts';
import { laidOrders } from '../laid-orders.ts';
import { menuArgument } from '../menu-argument.ts';
import { namedFilms, type RunFilm } from '../named-films.ts';
import { othersOf } from '../others-of.ts';
import { recipesArgument } from '../recipes-argument.ts';
import { settingsArgument } from '../settings-argument.ts';
import { newTeller } from '../teller.ts';
import { workHere } from '../work-here.ts';

export type RunCommandOptions = {
  readonly recipe: readonly string[];
  readonly out: string;
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
  const orders = laidOrders(asked, options.layout, offered);
  const isWanted = within?.isWanted ?? libraryFilter(options, Date.now());
  if (options.others !== undefined && !['skip', 'copy'].includes(options.others))
    throw usage(`--others ${options.others} is not a choice; there are: skip, copy`);
  const names = [...named, ...(await fromFile(options.fromFile, named.length))];
  const signal = within?.signal ?? interruptSignal();
  const teller = newTeller({ ...options, whenWorking: () => countFilms(names, walk).then(teller.foresee, () => {}) });
  const out = resolve(options.out);
  const work = workFolderOf(out, options.work, teller.say);
  const local = await openLocal(work, signal, teller.say, root);
  if (!within) keepPace({ work, signal, report: teller.say });
  const menu = async () => offered;
  const here = workHere({ local, teller, signal, menu, ifBusy: 'wait', remake: options.remake });
  const walk = { out, work, root, isWanted, teller, signal, fail: here.fail };
  const counts = { others: 0, leftOut: 0, copied: 0 };
  const takesSubtitles = orders.some(({ recipe }) => recipeTakesSubtitles(recipe));
  try {
    const ports = { ...placingPorts(local, out, signal), stage: stagingIn(work) };
    const rest = othersOf(ports, { signal, fail: here.fail });
    for await (const { films, others, leftOut } of namedFilms(names, walk)) {
      if (!within) counts.leftOut += leftOut; // what a watch leaves out was there before
      const placed = await placeResults(films, orders, ports);
      teller.expect(await sizesOf(films, here.portsOf), orders.length);
      for (const [at, film] of films.entries()) {
        const next = films[at + 1];
        if (next) hashAhead(next, here.portsOf(next), signal).catch(() => {}); // its own job reports what is wrong
        const intake = folderIntake(local, film.places, menu);
        await takeNamed(film.source, placed.get(film) ?? [], { ...intake, send: here.send });
        await here.idle();
        if (signal.aborted) break;
      }
      if (signal.aborted) break;
      const left = restOf(others, films, takesSubtitles);
      if (options.others !== 'copy') counts.others += left.length;
      else counts.copied += await rest.copy(left);
    }
    rest.tell(counts, teller);
  } finally {
    const ports = local.portsFor({ sources: out, outputs: out });
    await closeRun({ teller, ports, work, recipes: offered.recipes.map(({ id }) => id) });
    await local.close();
  }
  if (signal.aborted && here.exitCode() === 0) return new ServiceError('interrupted', 'stopped').exitCode;
  return here.exitCode();
}

/** Hashes the next source while the present one is encoded. Only a file: a pipe would wait, and a device may have no end. */
async function hashAhead(
  { source }: RunFilm,
  { sources, reader }: Pick<Ports, 'sources' | 'reader'>,
  signal: AbortSignal,
): Promise<void> {
  if (await sources.head(source)) await reader.hash(sources.locate(source), { signal, onProgress: () => {} });
}
