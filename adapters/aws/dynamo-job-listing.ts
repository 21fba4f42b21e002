import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isFinal, type Job } from '../../core/job/job.ts';
import type { JobListing, JobPage, JobQuestion, PageOrder } from '../../core/ports/job-listing.ts';
import { asking } from './aws-failure.ts';
import { keysByTime, readAll } from './dynamo-listing.ts';
import { pageAmong, totalsAmong } from './select-jobs.ts';

/** As many jobs are looked at together. To read them costs about 0.06 USD a thousand times. */
const MOST = 1000;
/** How often a page looks further back, for jobs that a question fits, before it gives what it found. */
const MOST_LOOKS = 20;

/**
 * Lists jobs of the job table. It has no index of owners, sizes and changes: a page that is sorted by time looks further
 * until it is full, so that every job is on one of them; other orders and totals know the newest jobs alone, and say so.
 * Open jobs have an index, so that a page that follows them reads no others.
 */
export function dynamoJobListing(db: DynamoDBDocumentClient, table: string, most = MOST): JobListing {
  const indexFor = ({ states }: JobQuestion) => (states?.every((state) => !isFinal(state)) ? 'open' : 'newest');

  async function amongNewest(question: JobQuestion): Promise<{ jobs: readonly Job[]; isPartial: boolean }> {
    const keys = await keysByTime(db, table, { index: indexFor(question), order: 'newest', limit: most + 1 });
    return { jobs: await readAll(db, table, keys.slice(0, most)), isPartial: keys.length > most };
  }

  /** A page by time, from wherever the page before it ended. */
  async function byTime(question: JobQuestion, order: PageOrder & { sort: 'newest' | 'oldest' }): Promise<JobPage> {
    const { sort, after } = order;
    const sign = sort === 'newest' ? -1 : 1;
    const found = new Map<string, Job>();
    let edge = after && sign * after.value;
    for (let looks = 1; ; looks += 1) {
      const range = sort === 'newest' ? { toMs: edge } : { fromMs: edge };
      const keys = await keysByTime(db, table, { index: indexFor(question), order: sort, ...range, limit: most });
      for (const job of await readAll(db, table, keys)) found.set(job.id, job);
      const page = pageAmong([...found.values()], question, order);
      const last = keys.at(-1)?.createdMs;
      if (page.next || last === undefined || keys.length < most) return page;
      // those of the same moment may be further ones; where all are of one moment, it is left behind
      edge = edge === undefined || sign * last > sign * edge ? last : edge + sign;
      if (looks === MOST_LOOKS) return { ...page, next: { value: sign * edge, id: '' } };
    }
  }

  return {
    page: (question, { sort, ...order }) =>
      asking('list jobs', async () => {
        if (sort === 'newest' || sort === 'oldest') return byTime(question, { sort, ...order });
        const { jobs, isPartial } = await amongNewest(question);
        return { ...pageAmong(jobs, question, { sort, ...order }), ...(isPartial && { amongNewest: most }) };
      }),
    totals: (question) =>
      asking('list jobs', async () => {
        const { jobs, isPartial } = await amongNewest(question);
        return totalsAmong(jobs, question, isPartial ? most : undefined);
      }),
  };
}
