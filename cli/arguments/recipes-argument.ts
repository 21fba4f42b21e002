import { usage } from '../../core/errors.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';

/**
 * Returns the recipes of all `--recipe` options, each of which may name several; a mix stands for its recipes. Throws `usage`
 * for an unknown recipe, and for one that is given twice.
 */
export function recipesArgument(given: readonly string[], { recipes, mixes }: Menu): readonly Recipe[] {
  const asked = given.flatMap((names) => names.split(',')).map((name) => name.trim());
  const names = asked.flatMap((name) => mixes.get(name) ?? [name]);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usage(`--recipe ${twice} is given twice`);
  return names.map((name) => recipeNamed(name, recipes));
}
