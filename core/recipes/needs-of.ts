import { asServiceError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Needs } from '../job/needs.ts';
import { type RawSettings, resolveSettings, type Settings } from '../settings/settings.ts';
import { RECIPES } from './index.ts';
import { preserve } from './preserve.ts';
import type { Recipe } from './recipe.ts';

/**
 * What a recipe's job needs of machines, under these settings; `asked` are those that were asked for by name, without the
 * recipe's defaults: a network is sent to a processor only where somebody wants that.
 */
export const needsOf = ({ compute, work }: Recipe, settings: Partial<Settings>, asked: RawSettings): Needs => ({
  engine: engineOf(compute, settings.encoder, asked.device),
  work,
  preset: settings.preset ?? 'medium',
  // a search for a quality encodes samples of the whole film before it knows how its segments are to be encoded
  undivided: settings.vmaf !== undefined,
});

/** NVENC keeps a network on a graphics card, wherever else it was asked to run. */
function engineOf(
  compute: Recipe['compute'],
  encoder: Settings['encoder'] | undefined,
  device: RawSettings[string] | undefined,
): Needs['engine'] {
  if (compute === 'gpu') return device === 'cpu' && encoder !== 'nvenc' ? 'network-on-processor' : 'network';
  return encoder === 'nvenc' ? 'card' : 'processor';
}

/** What a job needs: what it keeps, or, of one made before jobs kept it, what the recipe of its name says. */
export function needsOfJob({ needs, recipe: id, settings }: Pick<Job, 'needs' | 'recipe' | 'settings'>): Needs {
  if (needs) return needs;
  const recipe = RECIPES.find((each) => each.id === id) ?? preserve;
  return needsOf(recipe, resolvedOrDefaults(recipe, settings), settings);
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
