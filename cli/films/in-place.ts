import { basename, dirname, join, resolve } from 'node:path';
import type { LaidOrder } from '../../app/intake/placing.ts';
import { candidatesOf } from '../../app/rendition-count.ts';
import { refuseKeeping } from '../../app/source/keep-source.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { isFolder, realPath } from '../../runtime/library.ts';
import { printable } from '../terminal/printable.ts';
import type { RunFilm } from './named-films.ts';

/** Films that were named, and the folder of their results. */
export type RunGroup = { readonly names: readonly string[]; readonly out: string };

/**
 * Returns the folders in which films are to be replaced, each with what was named of it. A link to a folder stands for the
 * folder. What lies in another named folder is read with that. Throws `usage` if results are to lie elsewhere.
 */
export async function groupsInPlace(names: readonly string[], out: string | undefined): Promise<readonly RunGroup[]> {
  const folders = new Set<string>();
  const files = new Map<string, string[]>();
  for (const name of names) {
    if (await isFolder(name)) folders.add(await realPath(name));
    else {
      const folder = await realPath(dirname(resolve(name)));
      files.set(folder, [...(files.get(folder) ?? []), join(folder, basename(name))]);
    }
  }
  const isBelow = (path: string) => [...folders].some((each) => path !== each && path.startsWith(join(each, '/')));
  const groups = [
    ...[...folders].filter((each) => !isBelow(each)).map((each) => ({ names: [each], out: each })),
    ...[...files]
      .filter(([folder]) => !folders.has(folder) && !isBelow(folder))
      .map(([folder, films]) => ({ names: films, out: folder })),
  ].sort((one, other) => (one.out < other.out ? -1 : 1));
  const [first] = groups;
  if (!first) throw usage('--replace needs a folder or films, in whose places the results are put');
  const elsewhere = out !== undefined && (await realPath(out));
  const home = groups.find((each) => elsewhere !== false && each.out !== elsewhere);
  if (home)
    throw usage(`--replace puts films in the place of their sources, in ${printable(home.out)}; leave --out away`);
  return groups;
}

/** Returns the orders as they are for working in place. Throws `usage` if more than one film would be made of a source. */
export function inPlaceOrders(orders: readonly LaidOrder[]): readonly LaidOrder[] {
  const [order, another] = orders;
  if (!order || another) throw usage('--replace takes one recipe: a film can be replaced by one film only');
  if (candidatesOf(order) !== 1 || order.recipe.streams)
    throw usage(`--replace takes a recipe that makes one film of a source; ${order.recipe.id} makes several files`);
  refuseKeeping({ replaces: true }, resolveSettings(order.recipe, order.settings));
  return [{ ...order, layout: 'files', replaces: true }];
}

/** Whether a film lies outside of the folder of results, so that it cannot be replaced there. */
export const isBehindLink = ({ places }: RunFilm): boolean => places.sources !== places.outputs;

/** Returns the error for a film that is to be replaced and lies behind a link out of the folder. */
export const behindLink = ({ location }: RunFilm): ServiceError =>
  new ServiceError('cannot-write', `${location} lies behind a link out of the folder and is not replaced`);
