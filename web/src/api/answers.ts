import type { AnswerOf } from '../../../core/api/routes.ts';

export type JobsAnswer = AnswerOf<'jobs'>;
export type JobSummary = JobsAnswer['jobs'][number];
export type JobAnswer = AnswerOf<'job'>;
export type JobManifest = NonNullable<JobAnswer['manifest']>;
export type JobRendition = JobManifest['renditions'][number];
export type RecipesAnswer = AnswerOf<'recipes'>;
export type RecipeShown = RecipesAnswer['recipes'][number];
