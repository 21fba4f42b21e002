import { asServiceError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Needs } from '../job/needs.ts';
import { type RawSettings, resolveSettings, type Settings } from '../settings/settings.ts';
import { RECIPES } from './index.ts';
import { preserve } from './preserve.ts';
import type { Recipe } from './recipe.ts';

/**
 * Returns what a recipe's job needs of a machine under these settings. `asked` has only the settings that the drop names,
 * because a network runs on a processor only if somebody asked for that; the recipe's default does not count.
 */
export const needsOf = ({ compute, work }: Recipe, settings: Partial<Settings>, asked: RawSettings): Needs => ({
  engine: engineOf(compute, settings.encoder, asked.device),
  work,
  preset: settings.preset ?? 'medium',
  // a search for a quality encodes samples of the whole film before it knows how its segments are to be encoded
  undivided: settings.vmaf !== undefined,
});

/** With NVENC a network runs on a graphics card, even if the processor was asked for. */
function engineOf(
  compute: Recipe['compute'],
  encoder: Settings['encoder'] | undefined,
  device: RawSettings[string] | undefined,
): Needs['engine'] {
  if (compute === 'gpu') return device === 'cpu' && encoder !== 'nvenc' ? 'network-on-processor' : 'network';
  return encoder === 'nvenc' ? 'card' : 'processor';
}

/** Returns the needs kept in a job, or, for a job of a version that did not keep them, those of its recipe. */
export function needsOfJob({ needs, recipe: id, settings }: Pick<Job, 'needs' | 'recipe' | 'settings'>): Needs {
  if (needs) return needs;
  const recipe = RECIPES.find((each) => each.id === id) ?? preserve;
  return needsOf(recipe, resolvedOrDefaults(recipe, settings), settings);
}

/** An invalid setting is reported when the job is processed; here it must not keep the job from being sent. */
function resolvedOrDefaults(recipe: Recipe, settings: Job['settings']): Partial<Settings> {
  try {
    return resolveSettings(recipe, settings);
  } catch (error) {
    if (asServiceError(error).code !== 'usage') throw error;
    return recipe.defaults;
  }
}
