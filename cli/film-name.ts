import type { Job } from '../core/job/job.ts';
import { HIDDEN_FOLDER } from '../core/job/result-place.ts';

/** Returns the name by which people know a film: its path below the folder that they named, as its results have it, too. */
export function filmName({ outputPrefix, recipe, source }: Pick<Job, 'outputPrefix' | 'recipe' | 'source'>): string {
  const prefix = [`${HIDDEN_FOLDER}/${recipe}/`, `${recipe}/`].find((each) => outputPrefix.startsWith(each));
  return prefix === undefined ? source : outputPrefix.slice(prefix.length);
}
