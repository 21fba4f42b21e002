import type { LaidOrder } from '../../app/intake/placing.ts';
import { counted, formatBytes } from '../../core/format.ts';
import type { FileFacts } from '../../core/library/library-filter.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import { openLocal, withTemporaryFolder } from '../../runtime/local-ports.ts';
import { existingWorkFolder } from '../../runtime/work-folder.ts';
import { newTeller } from '../telling/teller.ts';
import { confirmed } from '../terminal/confirm.ts';
import { printable } from '../terminal/printable.ts';
import type { RunGroup } from './in-place.ts';
import { knownFilms } from './known-films.ts';
import { namedFilms } from './named-films.ts';
import { walkOptions } from './walk-options.ts';

/** What a run is asked to make, and of which files. */
export type AskedRun = {
  readonly offered: Menu;
  readonly orders: readonly LaidOrder[];
  isWanted(file: FileFacts): boolean;
  readonly root: string | undefined;
  readonly signal: AbortSignal;
};

type CountOptions = { readonly work?: string; readonly remake?: boolean; readonly json?: boolean };

/** Asks whether so many films of so many bytes are to be replaced. Nothing is written before the answer. */
export async function isAgreedToReplace(
  groups: readonly RunGroup[],
  { work, remake, json }: CountOptions,
  { orders, isWanted, root, signal }: AskedRun,
): Promise<boolean> {
  const due = { films: 0, bytes: 0 };
  const silent = { ...newTeller({ json }), say: () => {}, onEvent: () => {}, finished: () => {} };
  for (const { names, out } of groups) {
    const count = async (folder: string) => {
      const local = await openLocal(folder, signal, () => {}, root);
      try {
        const looking = { out, work: folder, root, isWanted, teller: silent, signal, fail: () => {} };
        const walk = walkOptions({ ...looking, orders, local, replaces: true });
        const { films, bytes } = await knownFilms(local, orders, { out, teller: silent, remake }).countDue(
          namedFilms(names, walk),
        );
        due.films += films;
        due.bytes += bytes;
      } finally {
        await local.close();
      }
    };
    const found = existingWorkFolder(work ?? out);
    await ('path' in found ? count(found.path) : withTemporaryFolder(count));
  }
  silent.end();
  if (due.films === 0) return true;
  const films = `${counted(due.films, 'film')} (${formatBytes(due.bytes)})`;
  const places = groups.map(({ out }) => printable(out)).join(', ');
  const question = `${films} in ${places} will be replaced by what ${orders[0]?.recipe.id} makes of them; undo puts them back.`;
  return confirmed(question, `replace ${due.films}`, signal);
}
