import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from '../adapters/local/folder-store.ts';
import { asServiceError } from '../core/errors.ts';
import { USER_RECIPES_KEY } from '../core/job/drop.ts';
import { type Menu, SHIPPED } from '../core/recipes/menu.ts';
import { userMenu } from '../core/recipes/user-recipes.ts';

/** Returns the menu that ships, with what the folder's recipes.json adds. */
export async function menuIn(root: string): Promise<Menu> {
  const bytes = await folderStore(root).read(USER_RECIPES_KEY);
  return bytes ? userMenu(bytes) : SHIPPED;
}

/**
 * Returns the menu of a watched folder. A recipes.json that cannot be used takes away the recipes that it adds and no others;
 * why is told once for each reason.
 */
export function watchedMenu(root: string, report: (message: string) => void): () => Promise<Menu> {
  let told: string | undefined;
  return async () => {
    try {
      const menu = await menuIn(root);
      if (told !== undefined) report(`${USER_RECIPES_KEY} can be used again`);
      told = undefined;
      return menu;
    } catch (error) {
      const { code, message } = asServiceError(error);
      if (code === 'bug') throw error;
      if (message !== told)
        report(`${message}; recipes that ship go on, and ${USER_RECIPES_KEY} is read again when it changes`);
      told = message;
      return { ...SHIPPED, fault: message };
    }
  };
}

/** How often the file is looked at: drives in a network tell of no changes. */
const LOOK_MS = 2000;

/** Calls `onChange` when the folder's recipes.json appears, changes or goes, until it is aborted. */
export function whenMenuChanges(root: string, signal: AbortSignal, onChange: () => void): void {
  const path = join(root, USER_RECIPES_KEY);
  const look = () => onChange();
  watchFile(path, { interval: LOOK_MS, persistent: false }, look);
  signal.addEventListener('abort', () => unwatchFile(path, look), { once: true });
}
