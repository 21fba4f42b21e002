import { usage } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { downscale } from './downscale.ts';
import { ladder } from './ladder.ts';
import { mezzanine } from './mezzanine.ts';
import { preserve } from './preserve.ts';
import type { Recipe } from './recipe.ts';
import { sphere } from './sphere.ts';
import { upscale } from './upscale.ts';
import { vj } from './vj.ts';

/** Every recipe that ships with Reelmill. The golden tests, the help and the README's table use this list. */
export const RECIPES: readonly Recipe[] = [preserve, downscale, ladder, vj, mezzanine, upscale, sphere];

/** Returns the recipe with this id. Throws `usage`, which lists the recipes, if there is none. */
export function recipeNamed(id: string, recipes: readonly Recipe[] = RECIPES): Recipe {
  const recipe = recipes.find((each) => each.id === id);
  if (!recipe) {
    const ids = recipes.map((each) => each.id);
    throw usage(`no recipe "${id}"; there are: ${ids.join(', ')}${didYouMean(id, ids)}`);
  }
  return recipe;
}
