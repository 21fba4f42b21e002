import type { Caller } from '../../core/api/caller.ts';
import { jobSummaryOf } from '../../core/api/job-answer.ts';
import type { AnswerOf } from '../../core/api/routes.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import { isFinal, type Job, type JobId } from '../../core/job/job.ts';
import type { ApiPorts } from './api-ports.ts';
import { jobOf } from './jobs.ts';

/** Queues a job again and sends it. Throws `usage` for a job that is queued or worked on, since it would be made twice. */
export async function retryJob(id: JobId, caller: Caller, ports: ApiPorts): Promise<AnswerOf<'retry'>> {
  const job = await jobOf(id, caller, ports);
  if (!isFinal(job.state.status))
    throw usage(`job ${id} is ${job.state.status}; only a job that has ended can be made again`);
  const queued = { ...job, state: { status: 'queued' }, updatedMs: laterThan(job, ports) } as const;
  if (!(await ports.jobs.advance(id, job.state.status, queued.state, queued.updatedMs))) throw overtaken(id);
  const { sent: _, usage: __, partFailure: ___, ...unsent } = queued;
  await ports.steering.retry(unsent);
  return jobSummaryOf(unsent, undefined);
}

/** Ends a job that waits or is worked on. Its pieces stay, so that a retry goes on from there. */
export async function cancelJob(id: JobId, caller: Caller, ports: ApiPorts): Promise<AnswerOf<'cancel'>> {
  const job = await jobOf(id, caller, ports);
  if (isFinal(job.state.status))
    throw usage(`job ${id} has ended already (${job.state.status}); it cannot be cancelled`);
  await ports.steering.stop(job);
  const now = (await ports.jobs.get(id)) ?? job;
  if (isFinal(now.state.status)) return jobSummaryOf(now, undefined);
  const updatedMs = laterThan(now, ports);
  if (!(await ports.jobs.advance(id, now.state.status, CANCELLED, updatedMs))) throw overtaken(id);
  return jobSummaryOf({ ...now, state: CANCELLED, updatedMs }, undefined);
}

const laterThan = ({ updatedMs }: Job, { clock }: ApiPorts) => Math.max(clock.now(), updatedMs + 1);

const overtaken = (id: JobId) =>
  new ServiceError('busy', `job ${id} has changed at this very moment; look at it again`);
