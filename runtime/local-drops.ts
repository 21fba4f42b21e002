import { join } from 'node:path';
import { scanFolder, watchFolder } from '../adapters/local/watch-folder.ts';
import { ServiceError, usage } from '../core/errors.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import { isFolder } from './library.ts';

type DropListener = {
  readonly signal: AbortSignal;
  onDrop(file: ObjectInfo): void;
  report(message: string): void;
};

/** Reports every file below `<root>/input/` that has stopped growing: those there now (`once`), or until it is aborted. */
export const listenForDrops = (root: string, once: boolean, listener: DropListener): Promise<void> =>
  once ? scanFolder(root, listener) : watchFolder(root, listener);

/** Throws `no-input` without the folder, and `usage` where it has no folder `input`, with what to type instead. */
export async function requireInput(root: string): Promise<void> {
  if (await isFolder(join(root, 'input'))) return;
  const shown = JSON.stringify(root);
  if (!(await isFolder(root)))
    throw new ServiceError('no-input', `there is no folder ${shown}; make one with a folder input/<recipe>/ in it`);
  throw usage(
    `${shown} has no folder input/: make input/preserve/ in it for films that are to be dropped there, or watch films where they lie: reelmill watch --library ${shown} --recipe preserve --out DIR`,
  );
}
