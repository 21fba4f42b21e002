import type { Job, JobStatus } from '../job/job.ts';

export type JobSort = 'newest' | 'oldest' | 'changed' | 'largest';

/** Which jobs are asked for. Everything that is absent restricts nothing. */
export type JobQuestion = {
  readonly states?: readonly JobStatus[] | undefined;
  readonly recipe?: string | undefined;
  /** Part of the source's key. The letters A-Z match in upper and lower case. */
  readonly text?: string | undefined;
  /** The folder of a person below `input/<recipe>/`. */
  readonly owner?: string | undefined;
  /** Only jobs that changed at this time or later (ms since 1970). */
  readonly changedSinceMs?: number | undefined;
};

/** The value by which the last job of a page was sorted, and its id: the next page begins behind it. */
export type JobPosition = { readonly value: number; readonly id: string };

export type PageOrder = { readonly sort: JobSort; readonly limit: number; readonly after?: JobPosition | undefined };

export type JobPage = {
  readonly jobs: readonly Job[];
  /** Undefined on the last page. */
  readonly next: JobPosition | undefined;
  /** Is there where only so many of the newest jobs were sorted, and older ones are on no page. */
  readonly amongNewest?: number;
};

export type JobTotals = {
  readonly jobs: number;
  /** How many films these jobs are of: a mix makes several jobs of one. */
  readonly films: number;
  readonly byState: Readonly<Record<string, number>>;
  /** The bytes of each film once, as far as they are known. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly usd: number;
  /** Whether older jobs were left out, because there are too many to count. */
  readonly isPartial: boolean;
  /** If so, how many of the newest jobs were looked at. */
  readonly amongNewest?: number;
};

/** Lists jobs page by page. Every adapter passes test/contracts/job-listing.ts. */
export interface JobListing {
  page(question: JobQuestion, order: PageOrder): Promise<JobPage>;
  /** Counts all jobs that the question fits. */
  totals(question: JobQuestion): Promise<JobTotals>;
}
