import { folderStore } from '../adapters/local/folder-store.ts';
import { USER_RECIPES_KEY } from '../core/job/drop.ts';
import { RECIPES } from '../core/recipes/index.ts';
import type { Recipe } from '../core/recipes/recipe.ts';
import { userRecipes } from '../core/recipes/user-recipes.ts';

/** The recipes of a folder: those that ship, and its own recipes.json's. */
export async function recipesIn(root: string): Promise<readonly Recipe[]> {
  const bytes = await folderStore(root).read(USER_RECIPES_KEY);
  return bytes ? [...RECIPES, ...userRecipes(bytes)] : RECIPES;
}
