import { join, resolve } from 'node:path';
import { usage } from '../../core/errors.ts';
import { USER_RECIPES_KEY } from '../../core/job/drop.ts';
import { type Menu, SHIPPED } from '../../core/recipes/menu.ts';
import { menuIn } from '../../runtime/menu-in.ts';
import { printable } from '../terminal/printable.ts';

/** Returns the menu that ships, with what the folder of `--root` adds. Throws `usage` if it has no recipes.json. */
export async function menuArgument(root: string | undefined): Promise<Menu> {
  if (root === undefined) return SHIPPED;
  const menu = await menuIn(resolve(root));
  if (menu === SHIPPED)
    throw usage(`--root ${printable(root)}: there is no ${printable(join(root, USER_RECIPES_KEY))}`);
  return menu;
}
