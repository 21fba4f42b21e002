import type { JobSummary, JobsAnswer } from '../api/answers.ts';
import type { Client } from '../api/client.ts';
import { hasState, type JobFilter } from './job-filter.ts';

export type JobList = {
  readonly shown: () => JobListState;
  subscribe(listener: () => void): () => void;
  /** Loads the next page, if there is one and none is being loaded. */
  more(): Promise<void>;
  /** Asks what has changed since it asked last. */
  refresh(): Promise<void>;
  close(): void;
};

type JobListState = {
  readonly jobs: readonly JobSummary[];
  readonly totals: JobsAnswer['totals'] | undefined;
  /** Drops of which no job could be made; undefined as long as nothing tells of any. */
  readonly refused?: JobsAnswer['refused'];
  /** Is there where only so many of the newest jobs are in this order. */
  readonly amongNewest?: JobsAnswer['amongNewest'];
  readonly hasMore: boolean;
  /** What went wrong with the last question, and undefined as soon as one is answered. */
  readonly failure: unknown;
};

/** The first page is short, so that something is seen soon. */
const FIRST_PAGE = 30;
const PAGE = 100;

const NOTHING = { jobs: [], totals: undefined };

/**
 * The jobs that fit a filter, page by page as they are scrolled to, and kept as they are now. Until the first page is here it
 * shows what was shown before, so that nothing flickers while somebody types.
 */
export function jobList(
  filter: JobFilter,
  call: Client,
  before: Pick<JobListState, 'jobs' | 'totals'> = NOTHING,
): JobList {
  const listeners = new Set<() => void>();
  const ending = new AbortController();
  let state: JobListState = { ...before, hasMore: true, failure: undefined };
  let cursor: string | undefined;
  let askedMs: number | undefined;
  let isBusy = false;

  const set = (to: Partial<JobListState>) => {
    state = { ...state, ...to };
    for (const listener of listeners) listener();
  };
  const { recipe, text } = filter;
  const narrow = { ...(recipe !== '' && { recipe }), ...(text !== '' && { text }) };
  const wanted = { ...narrow, ...(filter.state !== '' && { state: filter.state }), sort: filter.sort };
  const ask = (query: NonNullable<Parameters<typeof call<'jobs'>>[1]>['query'] = {}) =>
    call('jobs', { query, signal: ending.signal });

  /** One question at a time, so that an older answer never replaces a newer one. */
  async function alone(work: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      await work();
    } catch (failure) {
      if (!ending.signal.aborted) set({ failure });
    } finally {
      isBusy = false;
    }
  }

  return {
    shown: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    more: () =>
      alone(async () => {
        if (!state.hasMore) return;
        const answer = await ask({
          ...wanted,
          limit: `${cursor === undefined ? FIRST_PAGE : PAGE}`,
          ...(cursor !== undefined && { cursor }),
        });
        const isFirst = askedMs === undefined;
        cursor = answer.next;
        askedMs ??= answer.nowMs;
        const loaded = isFirst ? [] : state.jobs;
        const known = new Set(loaded.map(({ job }) => job));
        const jobs = [...loaded, ...answer.jobs.filter(({ job }) => !known.has(job))];
        const { totals, amongNewest, next } = answer;
        const refused = isFirst ? answer.refused : state.refused;
        set({ jobs, totals, refused, amongNewest, hasMore: next !== undefined, failure: undefined });
      }),
    refresh: () =>
      alone(async () => {
        if (askedMs === undefined) return;
        const [changes, all] = await Promise.all([
          ask({ ...narrow, sort: 'changed', limit: '200', changedSince: `${askedMs}` }),
          ask({ ...wanted, limit: `${FIRST_PAGE}` }),
        ]);
        askedMs = changes.nowMs;
        set({
          jobs: merged(state.jobs, { changes: changes.jobs, newest: all.jobs, filter }),
          totals: all.totals,
          refused: all.refused,
          failure: undefined,
        });
      }),
    close() {
      ending.abort();
      listeners.clear();
    },
  };
}

/**
 * Puts changed jobs in their places. The first page is taken as it is now, with what came to stand before it; behind it,
 * rows are replaced and removed, and nothing is added, because it comes when it is scrolled to.
 */
export function merged(
  jobs: readonly JobSummary[],
  now: { readonly changes: readonly JobSummary[]; readonly newest: readonly JobSummary[]; readonly filter: JobFilter },
): readonly JobSummary[] {
  const changed = new Map(now.changes.map((job) => [job.job, job]));
  const first = new Set(now.newest.map(({ job }) => job));
  const rest = jobs.filter(({ job }) => !first.has(job)).map((job) => changed.get(job.job) ?? job);
  return [...now.newest, ...rest.filter((job) => hasState(now.filter, job))];
}
