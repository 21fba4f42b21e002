import { systemClock } from '../../adapters/local/system-clock.ts';
import { USER_RECIPES_KEY } from '../../core/job/drop.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';
import { RECIPES } from '../../core/recipes/index.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { userRecipes } from '../../core/recipes/user-recipes.ts';

/** A recipe that was just written is known this much later. */
const FRESH_MS = 30_000;

/** The recipes of a bucket: those that ship, and its own recipes.json's, which is not read again for every drop. */
export function bucketRecipes(
  bucket: Pick<SmallObjects, 'read'>,
  clock = systemClock,
): () => Promise<readonly Recipe[]> {
  let known: { readonly untilMs: number; readonly recipes: readonly Recipe[] } | undefined;
  return async () => {
    if (known && clock.now() < known.untilMs) return known.recipes;
    const bytes = await bucket.read(USER_RECIPES_KEY);
    known = { untilMs: clock.now() + FRESH_MS, recipes: bytes ? [...RECIPES, ...userRecipes(bytes)] : RECIPES };
    return known.recipes;
  };
}
