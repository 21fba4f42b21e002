import { resolve } from 'node:path';
import { asServiceError } from '../../core/errors.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import { type FilterOptions, libraryFilter } from '../../core/library/library-filter.ts';
import { openJobs, openLocal, withTemporaryFolder } from '../../runtime/local-ports.ts';
import { pastManifests } from '../../runtime/past-manifests.ts';
import { existingWorkFolder } from '../../runtime/work-folder.ts';
import { newTeller } from '../telling/teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { laidOrders } from './laid-orders.ts';
import { namedFilms } from './named-films.ts';
import { planLibrary } from './plan-library.ts';
import type { PlannedOrders, SourceOptions } from './planned-drops.ts';
import { walkOptions } from './walk-options.ts';

type PlanFolderOptions = SourceOptions & FilterOptions & { readonly json?: boolean };

/**
 * Plans a folder, and returns the exit code: that of `run` where the folder has no films, or cannot be read. Where no work folder is there
 * yet, a temporary one is used, so that nothing is left behind.
 */
export async function planFolder(
  folder: string,
  { orders, menu }: PlannedOrders,
  { work: named, out, root, layout, remake, json, ...filter }: PlanFolderOptions,
): Promise<number> {
  let exitCode = 0;
  const signal = interruptSignal();
  const teller = newTeller({ json: json ?? false });
  const isWanted = libraryFilter(filter, Date.now());
  const plan = async (work: string) => {
    const local = await openLocal(work, signal, () => {}, root);
    try {
      const results = out === undefined ? work : resolve(out);
      const said = new Set<string>();
      const fail = (source: string, error: unknown) => {
        const { message, exitCode: code } = asServiceError(error);
        if (source === '') exitCode ||= code;
        const sentence = printable(source === '' ? message : `${source}: ${message}`);
        if (!said.has(sentence)) teller.say(sentence, 'always');
        said.add(sentence); // another recipe finds the same
      };
      const looking = { out: results, work, root, isWanted, teller, signal, fail };
      const walk = walkOptions({ ...looking, orders, local, replaces: false });
      const batches = () => namedFilms([folder], walk);
      const planning = { local, out: results, past, remake, json, signal, fail };
      await planLibrary(batches, laidOrders(orders, layout, menu), planning);
    } finally {
      await local.close();
    }
  };
  const place = named ?? out;
  const found = place === undefined ? undefined : workFolderIn(place);
  const past = await pastJobs([found, workFolderIn(folder)]);
  if (found !== undefined) await plan(found);
  else await withTemporaryFolder(plan);
  return exitCode;
}

function workFolderIn(place: string): string | undefined {
  const found = existingWorkFolder(place);
  return 'path' in found ? found.path : undefined;
}

/** Reads what jobs were done here: into the folder of results, or in the folder itself by `--replace`. */
async function pastJobs(works: readonly (string | undefined)[]): Promise<readonly Manifest[]> {
  const past: Manifest[] = [];
  for (const work of new Set(works)) {
    if (work === undefined) continue;
    const jobs = openJobs(work);
    past.push(...(await pastManifests(jobs)));
    jobs.close();
  }
  return past;
}
