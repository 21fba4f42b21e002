import type { BatchClient } from '@aws-sdk/client-batch';
import { nameOf } from '../../core/path-parts.ts';
import type { Upkeep } from '../../core/ports/upkeep.ts';
import { waitingSince } from './batch-jobs.ts';
import { described, listed, placesIn } from './queued-jobs.ts';

/** Longer than machines of EC2 take to start, and than Batch takes to find a machine where there is one. */
const STARVED_MS = 2 * 3_600_000;

/**
 * Finds queues of machines on demand in which jobs wait while no machine works or starts: the account's quota may be zero, or
 * the compute environment broken. Nothing comes after such a queue, so that its jobs would wait for ever without a word.
 */
export function starvedUpkeep(batch: BatchClient, queues: readonly string[]): Upkeep {
  return {
    afterMs: STARVED_MS,
    async *leaks(beforeMs) {
      for (const queue of queues) {
        const sinceMs = await starvedSince(batch, queue, beforeMs);
        if (sinceMs !== undefined) yield { kind: 'queue', name: nameOf(queue), sinceMs };
      }
    },
    mend: async () => false,
  };
}

/** Since when the job waits that waits longest; undefined if none has waited since then, or a machine was at work meanwhile. */
async function starvedSince(batch: BatchClient, queue: string, beforeMs: number): Promise<number | undefined> {
  const places = await placesIn(batch, queue);
  for (const status of ['STARTING', 'RUNNING'] as const)
    for await (const _ of listed(batch, places, status)) return undefined;
  const waiting: string[] = [];
  for await (const { jobId = '' } of listed(batch, places, 'RUNNABLE')) waiting.push(jobId);
  let sinceMs: number | undefined;
  for await (const job of described(batch, waiting))
    if (job.status === 'RUNNABLE') sinceMs = Math.min(sinceMs ?? Number.POSITIVE_INFINITY, waitingSince(job));
  if (sinceMs === undefined || sinceMs >= beforeMs) return undefined;
  for (const status of ['SUCCEEDED', 'FAILED'] as const)
    for await (const { startedAt, stoppedAt = 0 } of listed(batch, places, status))
      if (startedAt !== undefined && stoppedAt >= beforeMs) return undefined;
  return sinceMs;
}
