import { folderStore } from '../adapters/local/folder-store.ts';
import { USER_RECIPES_KEY } from '../core/job/drop.ts';
import { type Menu, SHIPPED } from '../core/recipes/menu.ts';
import { userMenu } from '../core/recipes/user-recipes.ts';

/** What may be asked of a folder: what ships, and its own recipes.json's. */
export async function menuIn(root: string): Promise<Menu> {
  const bytes = await folderStore(root).read(USER_RECIPES_KEY);
  return bytes ? userMenu(bytes) : SHIPPED;
}
