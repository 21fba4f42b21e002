import { SIZES, type TaskSize } from '../dispatch/route.ts';
import type { Job, Usage } from '../job/job.ts';

export type RecipeFigures = {
  readonly recipe: string;
  readonly done: number;
  readonly unchanged: number;
  readonly failed: Readonly<Record<string, number>>;
  /** The number of jobs that have not ended. */
  readonly open: number;
  /**
   * The smallest task size that would have been enough for all jobs; undefined if none would, or nothing was measured.
   */
  readonly smaller: TaskSize | undefined;
};

/** Counts how jobs ended, recipe by recipe. */
export function recipeFigures(jobs: readonly Job[]): readonly RecipeFigures[] {
  const recipes = [...new Set(jobs.map(({ recipe }) => recipe))].sort();
  return recipes.map((recipe) => {
    const own = jobs.filter((job) => job.recipe === recipe);
    const count = (status: Job['state']['status']) => own.filter(({ state }) => state.status === status).length;
    const failed: Record<string, number> = {};
    for (const { state } of own) if (state.status === 'failed') failed[state.code] = (failed[state.code] ?? 0) + 1;
    const done = count('done');
    const unchanged = count('unchanged');
    const failures = count('failed');
    const usages = own.flatMap(({ usage }) => usage ?? []);
    return {
      recipe,
      done,
      unchanged,
      failed,
      open: own.length - done - unchanged - failures,
      smaller: smallerSize(usages),
    };
  });
}

/** The share of its memory that a task may use: encodes of different films need different amounts. */
const FULL = 0.7;

/** Returns the smallest size that would have held all these tasks, if it is smaller than every size that they had. */
export function smallerSize(usages: readonly Usage[]): TaskSize | undefined {
  if (usages.length === 0) return undefined;
  const peakMiB = Math.max(...usages.map(({ peakMemoryBytes }) => peakMemoryBytes)) / 2 ** 20;
  const hadMiB = Math.min(...usages.map(({ memoryBytes }) => memoryBytes)) / 2 ** 20;
  const enough = SIZES.find(({ memoryMiB }) => memoryMiB * FULL >= peakMiB);
  return enough && enough.memoryMiB < hadMiB ? enough : undefined;
}
