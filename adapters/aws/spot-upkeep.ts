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

/** DescribeJobs takes at most this many jobs. */
const JOBS_AT_ONCE = 100;

/**
 * Cancels jobs that have been RUNNABLE on a Spot queue for `patienceMs` while the queue started no machine at all. If Fargate
 * Spot has no machines, Batch may show no reason, and its own time limit then never acts. A cancelled job has failed, and
 * on-job-change or the workflow's Catch sends it to the on-demand queue. Batch does not cancel a job that has got a machine
 * meanwhile, so that no job is sent twice.
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

/** Whether a queue has started a machine since then. Its jobs then only wait until it is their turn. */
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
  // An array is PENDING while its children wait. Only waiting children are cancelled; running ones go on.
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
