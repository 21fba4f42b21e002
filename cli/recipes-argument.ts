import { usage } from '../core/errors.ts';
import { recipeNamed } from '../core/recipes/index.ts';
import type { Recipe } from '../core/recipes/recipe.ts';

/** `--recipe` arguments, several with commas or given again. Throws `usage` for one that there is not, or that is given twice. */
export function recipesArgument(given: readonly string[]): readonly Recipe[] {
  const names = given.flatMap((names) => names.split(',')).map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usage(`--recipe ${twice} is given twice`);
  return names.map((name) => recipeNamed(name));
}
