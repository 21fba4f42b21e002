import { resolve } from 'node:path';
import { type FilterOptions, libraryFilter } from '../core/library/library-filter.ts';
import { openLocal, withTemporaryFolder } from '../runtime/local-ports.ts';
import { existingWorkFolder } from '../runtime/work-folder.ts';
import { interruptSignal } from './interrupt.ts';
import { laidOrders } from './laid-orders.ts';
import { namedFilms } from './named-films.ts';
import { planLibrary } from './plan-library.ts';
import type { PlannedOrders, SourceOptions } from './planned-drops.ts';
import { resultsAmong } from './results-among.ts';
import { newTeller } from './teller.ts';

type PlanFolderOptions = SourceOptions & FilterOptions & { readonly json?: boolean };

/** Plans a folder. Where no work folder is there yet, a temporary one is used, so that nothing is left behind. */
export async function planFolder(
  folder: string,
  { orders, menu }: PlannedOrders,
  { work: named, out, root, layout, remake, json, ...filter }: PlanFolderOptions,
): Promise<void> {
  const signal = interruptSignal();
  const teller = newTeller({ json: json ?? false });
  const isWanted = libraryFilter(filter, Date.now());
  const plan = async (work: string) => {
    const local = await openLocal(work, signal, () => {}, root);
    try {
      const results = out === undefined ? work : resolve(out);
      const fail = (_: string, error: unknown) => teller.say(error instanceof Error ? error.message : String(error));
      const onePictureIsFilm = orders.some(({ settings }) => settings.fps !== undefined);
      const ownResults = resultsAmong(results, local.namesIn(results));
      const walk = {
        out: results,
        work,
        root,
        isWanted,
        onePictureIsFilm,
        resultsAmong: ownResults,
        teller,
        signal,
        fail,
      };
      const batches = () => namedFilms([folder], walk);
      await planLibrary(batches, laidOrders(orders, layout, menu), { local, out: results, remake, json, signal, fail });
    } finally {
      await local.close();
    }
  };
  const place = named ?? out;
  const found = place === undefined ? undefined : existingWorkFolder(place);
  if (found && 'path' in found) await plan(found.path);
  else await withTemporaryFolder(plan);
}
