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
 * Lists jobs of the job table. It has no index of owners, sizes and changes: a page that is sorted by time looks back until
 * it is full; other orders and totals know the newest jobs alone, and totals then say that they are partial. Open jobs have
 * an index, so that a page that follows them reads no others.
 */
export function dynamoJobListing(db: DynamoDBDocumentClient, table: string, most = MOST): JobListing {
  const isOpen = ({ states }: JobQuestion) => states?.every((state) => !isFinal(state)) ?? false;
  const among = async (question: JobQuestion): Promise<readonly Job[]> => {
    const keys = isOpen(question)
      ? await keysByTime(db, table, { index: 'open', before: Number.MAX_SAFE_INTEGER, limit: most })
      : await keysByTime(db, table, { index: 'newest', limit: most });
    return readAll(db, table, keys);
  };

  /** A page of the newest jobs, from wherever the page before it ended. */
  async function lookBack(question: JobQuestion, order: PageOrder): Promise<JobPage> {
    const found = new Map<string, Job>();
    let until = order.after ? -order.after.value : Number.MAX_SAFE_INTEGER;
    for (let looks = 1; ; looks += 1) {
      const keys = await keysByTime(db, table, { index: 'newest', until, limit: most });
      for (const job of await readAll(db, table, keys)) found.set(job.id, job);
      const page = pageAmong([...found.values()], question, order);
      const oldest = keys.at(-1)?.createdMs;
      if (page.next || oldest === undefined || keys.length < most) return page;
      // those of the same moment may be further ones; where all are of one moment, it is left behind
      until = oldest < until ? oldest : until - 1;
      if (looks === MOST_LOOKS) return { ...page, next: { value: -until, id: '' } };
    }
  }

  return {
    page: (question, order) =>
      asking('list jobs', async () =>
        order.sort === 'newest' && !isOpen(question)
          ? lookBack(question, order)
          : pageAmong(await among(question), question, order),
      ),
    totals: (question) =>
      asking('list jobs', async () => {
        const jobs = await among(question);
        return totalsAmong(jobs, question, jobs.length >= most);
      }),
  };
}
