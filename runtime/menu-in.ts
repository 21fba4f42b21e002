import { folderStore } from '../adapters/local/folder-store.ts';
import { USER_RECIPES_KEY } from '../core/job/drop.ts';
import { type Menu, SHIPPED } from '../core/recipes/menu.ts';
import { userMenu } from '../core/recipes/user-recipes.ts';

/** Returns the menu that ships, with what the folder's recipes.json adds. */
export async function menuIn(root: string): Promise<Menu> {
  const bytes = await folderStore(root).read(USER_RECIPES_KEY);
  return bytes ? userMenu(bytes) : SHIPPED;
}
