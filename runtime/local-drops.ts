import { scanFolder, watchFolder } from '../adapters/local/watch-folder.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';

type DropListener = {
  readonly signal: AbortSignal;
  onDrop(file: ObjectInfo): void;
  report(message: string): void;
};

/** Reports every file below `<root>/input/` that has stopped growing: those there now (`once`), or until it is aborted. */
export const listenForDrops = (root: string, once: boolean, listener: DropListener): Promise<void> =>
  once ? scanFolder(root, listener) : watchFolder(root, listener);
