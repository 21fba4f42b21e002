import {
  type BatchClient,
  CancelJobCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  type JobDetail,
} from '@aws-sdk/client-batch';
import { WAITED_FOR_SPOT } from '../../core/dispatch/task-failure.ts';
import type { Leak, Upkeep } from '../../core/ports/upkeep.ts';
import { asking } from './aws-failure.ts';
import { waitingSince } from './batch-jobs.ts';
import { described, listed, placesIn } from './queued-jobs.ts';

/**
 * Cancels jobs that have been RUNNABLE on a Spot queue for `patienceMs` while the queue started no machine at all, though it may have
 * more of them. If Fargate Spot has no machines, Batch may show no reason, and its own time limit then never acts. A cancelled job has
 * failed, and on-job-change or the workflow's Catch sends it to the on-demand queue. Batch does not cancel a job that has got a machine
 * meanwhile, so that no job is sent twice. A job that waits since the queue's vCPUs are all in use waits for its turn.
 */
export function spotUpkeep(batch: BatchClient, queues: readonly string[], patienceMs: number): Upkeep {
  return {
    afterMs: patienceMs,
    async *leaks(beforeMs) {
      for (const queue of queues) yield* waitingForSpot(batch, queue, beforeMs);
    },
    mend: ({ kind, name: jobId }) =>
      asking(`take back ${jobId}`, async () => {
        if (kind !== 'spot-job') return false;
        await batch.send(new CancelJobCommand({ jobId, reason: WAITED_FOR_SPOT }));
        return true;
      }),
  };
}

async function* waitingForSpot(batch: BatchClient, queue: string, beforeMs: number): AsyncGenerator<Leak> {
  const inQueue = await placesIn(batch, queue);
  const working: string[] = [];
  for (const status of ['STARTING', 'RUNNING'] as const) {
    for await (const { jobId = '', startedAt, createdAt = 0 } of listed(batch, inQueue, status)) {
      if (status === 'STARTING' || (startedAt ?? createdAt) >= beforeMs) return; // Spot gives machines
      working.push(jobId);
    }
  }
  const waiting: string[] = [];
  // an array whose containers wait is cancelled container by container; those that run go on
  for await (const { jobId = '' } of listed(batch, inQueue, 'RUNNABLE')) waiting.push(jobId);
  if (waiting.length === 0) return;
  let room = await mostVcpus(batch, queue);
  for await (const job of described(batch, working)) room -= vcpusOf(job);
  if (room <= 0) return;
  for await (const job of described(batch, waiting)) {
    const sinceMs = waitingSince(job);
    if (job.status === 'RUNNABLE' && sinceMs < beforeMs && vcpusOf(job) <= room)
      yield { kind: 'spot-job', name: job.jobId ?? '', sinceMs };
  }
}

const vcpusOf = ({ container }: JobDetail): number =>
  Number(container?.resourceRequirements?.find(({ type }) => type === 'VCPU')?.value ?? container?.vcpus ?? 0);

/** How many vCPUs the queue's compute environments may have at a time; none while all are disabled, and without end where they do not say. */
function mostVcpus(batch: BatchClient, queue: string): Promise<number> {
  return asking(`look at ${queue}`, async () => {
    const { jobQueues = [] } = await batch.send(new DescribeJobQueuesCommand({ jobQueues: [queue] }));
    const names = jobQueues.flatMap(({ computeEnvironmentOrder = [] }) =>
      computeEnvironmentOrder.flatMap(({ computeEnvironment = '' }) => computeEnvironment || []),
    );
    if (names.length === 0) return Number.POSITIVE_INFINITY;
    const asked = new DescribeComputeEnvironmentsCommand({ computeEnvironments: names });
    const { computeEnvironments = [] } = await batch.send(asked);
    const enabled = computeEnvironments.filter(({ state }) => state !== 'DISABLED');
    if (computeEnvironments.length > 0 && enabled.length === 0) return 0;
    const sizes = enabled.map(({ computeResources }) => computeResources?.maxvCpus ?? Number.POSITIVE_INFINITY);
    return sizes.reduce((sum, each) => sum + each, 0) || Number.POSITIVE_INFINITY;
  });
}
