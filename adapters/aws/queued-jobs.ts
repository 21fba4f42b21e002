import {
  type BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobStatus,
  type JobSummary,
  paginateListJobs,
} from '@aws-sdk/client-batch';
import { asking } from './aws-failure.ts';

/** DescribeJobs takes at most this many jobs. */
const JOBS_AT_ONCE = 100;

type JobFilter = { readonly jobQueue: string } | { readonly arrayJobId: string };

/**
 * Returns where the jobs of a queue are listed. Its own listing has arrays without their containers, which are listed by the
 * array; that is PENDING until all have ended.
 */
export async function placesIn(batch: BatchClient, jobQueue: string): Promise<readonly JobFilter[]> {
  const places: JobFilter[] = [{ jobQueue }];
  for await (const { jobId = '', arrayProperties } of listed(batch, [{ jobQueue }], 'PENDING'))
    if (arrayProperties) places.push({ arrayJobId: jobId });
  return places;
}

/** Yields the summaries of the jobs that are in this status. */
export async function* listed(
  client: BatchClient,
  places: readonly JobFilter[],
  jobStatus: JobStatus,
): AsyncGenerator<JobSummary> {
  for (const place of places) {
    const pages = paginateListJobs({ client }, { ...place, jobStatus });
    for await (const { jobSummaryList = [] } of pages) yield* jobSummaryList;
  }
}

/** Yields the details of these jobs, which their summaries do not have. */
export async function* described(batch: BatchClient, ids: readonly string[]): AsyncGenerator<JobDetail> {
  for (let at = 0; at < ids.length; at += JOBS_AT_ONCE) {
    const part = ids.slice(at, at + JOBS_AT_ONCE);
    const { jobs = [] } = await asking('look at jobs of Batch', () =>
      batch.send(new DescribeJobsCommand({ jobs: part })),
    );
    yield* jobs;
  }
}
