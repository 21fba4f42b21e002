import type { QueryOf } from '../../../core/api/routes.ts';
import type { JobSummary } from '../api/answers.ts';
import { isOpen } from '../ui/badge.tsx';

type Sort = NonNullable<QueryOf<'jobs'>['sort']>;

/** Which jobs are shown, and in which order; it stands in the page's address. */
export type JobFilter = {
  readonly state: string;
  readonly recipe: string;
  readonly text: string;
  readonly sort: Sort;
};

export const SORTS: readonly (readonly [Sort, string])[] = [
  ['newest', 'newest first'],
  ['oldest', 'oldest first'],
  ['changed', 'changed last'],
  ['largest', 'largest first'],
];

export const STATES = [
  ['', 'all'],
  ['open', 'under way'],
  ['done,unchanged', 'done'],
  ['failed', 'failed'],
] as const;

/** Returns the filter that an address states; what it does not state is the usual. */
export function filterOf(query: URLSearchParams): JobFilter {
  const text = (name: string) => query.get(name) ?? '';
  const sort = SORTS.find(([name]) => name === text('sort'))?.[0] ?? 'newest';
  return { state: text('state'), recipe: text('recipe'), text: text('text'), sort };
}

/** Returns the part of an address that states a filter; the usual is not written. */
export function queryOf({ state, recipe, text, sort }: JobFilter): URLSearchParams {
  const given = { state, recipe, text, sort: sort === 'newest' ? '' : sort };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
}

/** Whether a job that has changed still belongs to what is shown; recipe and name do not change. */
export function hasState({ state }: Pick<JobFilter, 'state'>, job: Pick<JobSummary, 'state'>): boolean {
  if (state === 'open') return isOpen(job.state);
  return state === '' || state.split(',').includes(job.state);
}
