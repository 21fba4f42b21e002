import { asServiceError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Needs } from '../job/needs.ts';
import { resolveSettings, type Settings } from '../settings/settings.ts';
import { RECIPES } from './index.ts';
import { preserve } from './preserve.ts';
import type { Recipe } from './recipe.ts';

/** What a recipe's job needs of machines, under these settings. */
export const needsOf = ({ compute, work }: Recipe, { encoder, preset, vmaf }: Partial<Settings>): Needs => ({
  engine: compute === 'gpu' ? 'network' : encoder === 'nvenc' ? 'card' : 'processor',
  work,
  preset: preset ?? 'medium',
  // a search for a quality encodes samples of the whole film before it knows how its segments are to be encoded
  undivided: vmaf !== undefined,
});

/** What a job needs: what it keeps, or, of one made before jobs kept it, what the recipe of its name says. */
export function needsOfJob({ needs, recipe: id, settings }: Pick<Job, 'needs' | 'recipe' | 'settings'>): Needs {
  if (needs) return needs;
  const recipe = RECIPES.find((each) => each.id === id) ?? preserve;
  return needsOf(recipe, resolvedOrDefaults(recipe, settings));
}

/** A setting that nobody can read any more is told when the job is worked on; here it must not keep the job from being sent. */
function resolvedOrDefaults(recipe: Recipe, settings: Job['settings']): Partial<Settings> {
  try {
    return resolveSettings(recipe, settings);
  } catch (error) {
    if (asServiceError(error).code !== 'usage') throw error;
    return recipe.defaults;
  }
}
