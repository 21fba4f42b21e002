import { type Failure, failureRecord } from '../core/job/failure-record.ts';
import type { Job } from '../core/job/job.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { JobStore } from '../core/ports/job-store.ts';
import type { SmallObjects } from '../core/ports/object-store.ts';
import { writeFailureRecord } from './failure-records.ts';

type FailurePorts = { readonly jobs: JobStore; readonly outputs: SmallObjects; readonly clock: Clock };

/**
 * Writes a failure into the job and below `failed/`, without a lease on the job. Returns the job with the failure;
 * undefined if another process changed the job meanwhile.
 */
export async function recordFailure(
  job: Job,
  { code, reason }: Failure,
  ports: FailurePorts,
): Promise<Job | undefined> {
  const at = ports.clock.now();
  const state = { status: 'failed', code, reason } as const;
  if (!(await ports.jobs.advance(job.id, job.state.status, state, at))) return undefined;
  const { id, recipe, source, failureKey } = job;
  const record = failureRecord({ job: id, recipe, source }, { code, reason }, at);
  if (failureKey !== undefined) await writeFailureRecord(failureKey, record, ports.outputs);
  return { ...job, state, updatedMs: at };
}
