import { scanFolder, watchFolder } from '../adapters/local/watch-folder.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';

export type DropListener = {
  readonly signal: AbortSignal;
  onDrop(file: ObjectInfo): void;
  report(message: string): void;
};

/** Tells of every file below `<root>/input/` that has stopped growing: once what is there, or for ever. */
export const listenForDrops = (root: string, once: boolean, listener: DropListener): Promise<void> =>
  once ? scanFolder(root, listener) : watchFolder(root, listener);
