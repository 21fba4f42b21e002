import type { Job } from '../job/job.ts';

/** What jobs to come will cost, by what jobs before them did; undefined where there were none to learn from. */
export type PastBill = { readonly usd: number; readonly jobs: number } | undefined;

/**
 * Estimates the bill of so many bytes by what each recipe's earlier jobs cost for a byte of their sources. Films differ: it is
 * right for many films like those before, and no more than a guess for one.
 */
export function billByPastJobs(bytes: number, recipes: readonly string[], past: readonly Job[]): PastBill {
  const each = recipes.map((recipe) => {
    const made = past.flatMap((job) => (job.recipe === recipe && job.figures ? [job.figures] : []));
    const before = made.reduce((sum, { bytesBefore }) => sum + bytesBefore, 0);
    const usd = made.reduce((sum, figures) => sum + figures.usd, 0);
    return { jobs: before === 0 ? 0 : made.length, usd: before === 0 ? 0 : (usd / before) * bytes };
  });
  if (each.length === 0 || each.some(({ jobs }) => jobs === 0)) return undefined;
  return { usd: each.reduce((sum, { usd }) => sum + usd, 0), jobs: each.reduce((sum, { jobs }) => sum + jobs, 0) };
}
