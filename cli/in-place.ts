import { basename, dirname, resolve } from 'node:path';
import type { LaidOrder } from '../app/placing.ts';
import { candidatesOf } from '../app/rendition-count.ts';
import { usage } from '../core/errors.ts';
import { isFolder } from '../runtime/library.ts';
import { printable } from './printable.ts';

/** Returns the one folder in which films are to be replaced. Throws `usage` if the names lie in several folders. */
export async function folderInPlace(names: readonly string[]): Promise<string> {
  const folders = new Set<string>();
  for (const name of names) folders.add((await isFolder(name)) ? resolve(name) : dirname(resolve(name)));
  const [folder, another] = folders;
  if (folder === undefined) throw usage('--replace needs a folder, or films of one folder');
  if (another !== undefined)
    throw usage(
      `--replace works in one folder at a time, not in ${printable(basename(folder))} and ${printable(basename(another))}`,
    );
  return folder;
}

/** Returns the orders as they are for working in place. Throws `usage` if more than one film would be made of a source. */
export function inPlaceOrders(orders: readonly LaidOrder[]): readonly LaidOrder[] {
  const [order, another] = orders;
  if (!order || another) throw usage('--replace takes one recipe: a film can be replaced by one film only');
  if (candidatesOf(order) !== 1 || order.recipe.streams)
    throw usage(`--replace takes a recipe that makes one film of a source; ${order.recipe.id} makes several files`);
  return [{ ...order, layout: 'files', replaces: true }];
}
