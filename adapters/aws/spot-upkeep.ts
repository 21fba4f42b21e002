import {
  type BatchClient,
  CancelJobCommand,
  DescribeJobsCommand,
  type JobStatus,
  type JobSummary,
  paginateListJobs,
} from '@aws-sdk/client-batch';
import { WAITED_FOR_SPOT } from '../../core/dispatch/task-failure.ts';
import type { Leak, Upkeep } from '../../core/ports/upkeep.ts';
import { asking } from './aws-failure.ts';
import { waitingSince } from './batch-jobs.ts';

/** DescribeJobs takes so many. */
const JOBS_AT_ONCE = 100;

/**
 * What has been RUNNABLE on a Spot queue for so long while that queue handed out no machine at all: on Fargate Spot a
 * drought may show no reason, and Batch's own time limit then never acts. It is cancelled, which ends it as a failure that on-job-change or the workflow's Catch answers by
 * sending it to the queue on demand. Batch decides whether there is anything left to cancel: what has got its machine
 * meanwhile runs on, so that no job is ever sent twice by this.
 */
export function spotUpkeep(batch: BatchClient, queues: readonly string[], patienceMs: number): Upkeep {
  return {
    afterMs: patienceMs,
    async *leaks(beforeMs) {
      for (const queue of queues) {
        if (!(await startedSince(batch, queue, beforeMs))) yield* waitingIn(batch, queue, beforeMs);
      }
    },
    mend: ({ kind, name: jobId }) =>
      asking(`take back ${jobId}`, async () => {
        if (kind !== 'spot-job') return false;
        await batch.send(new CancelJobCommand({ jobId, reason: WAITED_FOR_SPOT }));
        return true;
      }),
  };
}

/** A queue that hands out machines is no drought: what waits there waits for its turn. */
async function startedSince(batch: BatchClient, queue: string, sinceMs: number): Promise<boolean> {
  for (const status of ['STARTING', 'RUNNING'] as const) {
    for await (const { startedAt, createdAt = 0 } of listed(batch, { jobQueue: queue }, status)) {
      if (status === 'STARTING' || (startedAt ?? createdAt) >= sinceMs) return true;
    }
  }
  return false;
}

async function* waitingIn(batch: BatchClient, queue: string, beforeMs: number): AsyncGenerator<Leak> {
  const ids: string[] = [];
  for await (const { jobId = '' } of listed(batch, { jobQueue: queue }, 'RUNNABLE')) ids.push(jobId);
  // An array is PENDING while its children wait, and only children are cancelled: those that run, run on.
  for await (const { jobId = '', arrayProperties } of listed(batch, { jobQueue: queue }, 'PENDING')) {
    if (!arrayProperties) continue;
    for await (const child of listed(batch, { arrayJobId: jobId }, 'RUNNABLE')) ids.push(child.jobId ?? '');
  }
  for (let at = 0; at < ids.length; at += JOBS_AT_ONCE) {
    const part = ids.slice(at, at + JOBS_AT_ONCE);
    const { jobs = [] } = await asking(`look at jobs of ${queue}`, () =>
      batch.send(new DescribeJobsCommand({ jobs: part })),
    );
    for (const job of jobs) {
      const sinceMs = waitingSince(job);
      if (job.status === 'RUNNABLE' && sinceMs < beforeMs) yield { kind: 'spot-job', name: job.jobId ?? '', sinceMs };
    }
  }
}

type JobFilter = { readonly jobQueue: string } | { readonly arrayJobId: string };

async function* listed(client: BatchClient, of: JobFilter, jobStatus: JobStatus): AsyncGenerator<JobSummary> {
  for await (const { jobSummaryList = [] } of paginateListJobs({ client }, { ...of, jobStatus })) yield* jobSummaryList;
}
