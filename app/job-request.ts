import type { FilmFields } from '../core/fields/film-fields.ts';
import type { JobId } from '../core/job/job.ts';
import type { ResultPlace } from '../core/job/result-place.ts';
import type { Recipe } from '../core/recipes/recipe.ts';
import type { DemandWeights } from '../core/renditions/priority.ts';
import type { RawSettings } from '../core/settings/settings.ts';

/** The request of a drop: one source under one recipe. */
export type JobRequest = ResultPlace & {
  readonly source: string;
  readonly recipe: Recipe;
  readonly settings: RawSettings;
  /** The key of the failure record. */
  readonly failureKey: string;
  readonly id: JobId;
  /** The source's version. A version that failed is not tried again by watching alone. */
  readonly version?: string;
  /** The weights of views and downloads; undefined for the default ones. */
  readonly weights?: DemandWeights;
  /** Renditions to be made whatever their priority is. */
  readonly asked?: readonly string[];
  /** Whether the film takes the place of its source, which is put aside. */
  readonly replaces?: boolean;
  /** Whether unchanged results are made again. */
  readonly remake?: boolean;
  /** Which frames of the source are interlaced, where an earlier step of the job found it. */
  readonly fields?: FilmFields | undefined;
  /** Whether an earlier step of the job read the source, so that only parts of it may have to be fetched. */
  readonly isPlanned?: true;
  /** On one machine: the root folders of the stores of sources and outputs, and the folder whose recipes.json holds. */
  readonly places?: { readonly sources: string; readonly outputs: string; readonly root?: string | undefined };
};
