import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isFinal, type Job } from '../../core/job/job.ts';
import type { JobListing, JobQuestion } from '../../core/ports/job-listing.ts';
import { asking } from './aws-failure.ts';
import { keysByTime, readAll } from './dynamo-listing.ts';
import { pageAmong, totalsAmong } from './select-jobs.ts';

/** As many jobs are looked at. Each page reads them all, at a cost of about 0.06 USD a thousand pages. */
const MOST = 1000;

/**
 * Lists jobs of the job table. Only the newest are looked at, since the table has no index of their owners, sizes and
 * changes; totals then say that they are partial. Open jobs have an index, so that a page that follows them reads no others.
 */
export function dynamoJobListing(db: DynamoDBDocumentClient, table: string, most = MOST): JobListing {
  const among = (question: JobQuestion): Promise<readonly Job[]> =>
    asking('list jobs', async () => {
      const isOpen = question.states?.every((state) => !isFinal(state)) ?? false;
      const keys = isOpen
        ? await keysByTime(db, table, { index: 'open', before: Number.MAX_SAFE_INTEGER, limit: most })
        : await keysByTime(db, table, { index: 'newest', limit: most });
      return readAll(db, table, keys);
    });
  return {
    page: async (question, order) => pageAmong(await among(question), question, order),
    async totals(question) {
      const jobs = await among(question);
      return totalsAmong(jobs, question, jobs.length >= most);
    },
  };
}
