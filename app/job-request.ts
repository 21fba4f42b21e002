import type { JobId } from '../core/job/job.ts';
import type { ResultPlace } from '../core/job/result-place.ts';
import type { Recipe } from '../core/recipes/recipe.ts';
import type { DemandWeights } from '../core/renditions/priority.ts';
import type { RawSettings } from '../core/settings/settings.ts';

/** What a drop asks for: one source under one recipe. */
export type JobRequest = ResultPlace & {
  readonly source: string;
  readonly recipe: Recipe;
  readonly settings: RawSettings;
  /** Where the reason lies if it fails. */
  readonly failureKey: string;
  readonly id: JobId;
  /** Of the source: if it failed as this version, watching does not try it again by itself. */
  readonly version?: string;
  /** What a use of a rendition counts; the usual unless told. */
  readonly weights?: DemandWeights;
  /** Renditions to be made however little they are wanted otherwise. */
  readonly asked?: readonly string[];
  /** What is there as it was published is made anew all the same. */
  readonly remake?: boolean;
  readonly places?: { readonly sources: string; readonly outputs: string; readonly root?: string | undefined };
};
