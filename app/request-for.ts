import { collectedKeys } from '../core/job/drop.ts';
import type { Job } from '../core/job/job.ts';
import { recipeNamed } from '../core/recipes/index.ts';
import type { Menu } from '../core/recipes/menu.ts';
import type { JobRequest } from './job-request.ts';

/** Returns the request of a job in the job table. Throws `usage` if its recipe no longer exists. */
export function requestFor(job: Job, { recipes, weights }: Menu): JobRequest {
  const { id, source, settings, outputPrefix, films, places, version, state } = job;
  const { failureKey = collectedKeys(job.recipe, source).failureKey } = job; // jobs of an early version lack the key
  return {
    ...{ id, source, settings, outputPrefix, failureKey, weights },
    recipe: recipeNamed(job.recipe, recipes),
    ...(films && { films }),
    ...(places && { places }),
    ...(version !== undefined && { version }),
    ...(state.status === 'queued' && state.asked && { asked: state.asked }),
  };
}
