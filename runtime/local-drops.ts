import { scanFolder, watchFolder } from '../adapters/local/watch-folder.ts';
import { dropSettingsKey } from '../core/job/drop.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import { dropSettings } from '../core/recipes/user-recipes.ts';
import type { RawSettings } from '../core/settings/settings.ts';
import { openFolder } from './local-ports.ts';

export type DropListener = {
  readonly signal: AbortSignal;
  onDrop(file: ObjectInfo): void;
  report(message: string): void;
};

/** Tells of every file below `<root>/input/` that has stopped growing: once what is there, or for ever. */
export const listenForDrops = (root: string, once: boolean, listener: DropListener): Promise<void> =>
  once ? scanFolder(root, listener) : watchFolder(root, listener);

/** What lies beside a drop as `<file>.reelmill.json`; nothing where there is none. Throws `usage`. */
export async function settingsBeside(root: string, key: string): Promise<RawSettings> {
  const beside = dropSettingsKey(key);
  const bytes = await openFolder(root).read(beside);
  return bytes ? dropSettings(bytes, beside) : {};
}
