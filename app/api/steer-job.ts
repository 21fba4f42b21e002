import type { Caller } from '../../core/api/caller.ts';
import { jobSummaryOf } from '../../core/api/job-answer.ts';
import type { AnswerOf } from '../../core/api/routes.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import { isFinal, type Job, type JobId, type JobState } from '../../core/job/job.ts';
import type { Uses } from '../../core/ports/demand-store.ts';
import { askForRendition, type DemandPorts } from '../intake/take-again.ts';
import type { ApiPorts } from './api-ports.ts';
import { jobOf } from './jobs.ts';

type SteerPorts = Pick<ApiPorts, 'jobs' | 'steering' | 'clock'>;

/** Queues a job again and sends it. Throws `usage` for a job that is queued or worked on, since it would be made twice. */
export async function retryJob(id: JobId, caller: Caller, ports: SteerPorts): Promise<AnswerOf<'retry'>> {
  const job = await jobOf(id, caller, ports);
  if (!isFinal(job.state.status))
    throw usage(`job ${id} is ${job.state.status}; only a job that has ended can be made again`);
  return jobSummaryOf(await queueAgain(job, { status: 'queued' }, ports), undefined);
}

/**
 * Counts uses of a rendition, and queues its job again to have the rendition made. Throws `busy` for a job that has not ended,
 * which does not look for new wishes any more.
 */
export async function askForMore(
  job: Job,
  { rendition, uses }: { readonly rendition: string; readonly uses: Uses },
  ports: SteerPorts & Omit<DemandPorts, 'send'>,
): Promise<void> {
  if (!isFinal(job.state.status))
    throw new ServiceError('busy', `job ${job.id} is ${job.state.status}; ask again when it has ended`);
  const send: DemandPorts['send'] = async ({ state }) => {
    await queueAgain(job, state, ports);
    return 'sent';
  };
  await askForRendition(job, rendition, uses, { ...ports, send });
}

async function queueAgain(job: Job, state: JobState, ports: SteerPorts): Promise<Job> {
  const updatedMs = laterThan(job, ports);
  if (!(await ports.jobs.advance(job.id, job.state.status, state, updatedMs))) throw overtaken(job.id);
  const { sent: _, burst: __, usage: ___, partFailure: ____, ...unsent } = { ...job, state, updatedMs };
  await ports.steering.retry(unsent);
  return unsent;
}

/** Ends a job that waits or is worked on. Its pieces stay, so that a retry goes on from there. */
export async function cancelJob(id: JobId, caller: Caller, ports: SteerPorts): Promise<AnswerOf<'cancel'>> {
  const job = await jobOf(id, caller, ports);
  if (isFinal(job.state.status))
    throw usage(`job ${id} has ended already (${job.state.status}); it cannot be cancelled`);
  await stop(job, ports);
  const now = (await ports.jobs.get(id)) ?? job;
  if (isFinal(now.state.status)) return jobSummaryOf(now, undefined);
  const updatedMs = laterThan(now, ports);
  if (!(await ports.jobs.advance(id, now.state.status, CANCELLED, updatedMs))) throw overtaken(id);
  return jobSummaryOf({ ...now, state: CANCELLED, updatedMs }, undefined);
}

/** A container that others share goes on: it is told by the job's row, and ends the work on this job alone. */
async function stop(job: Job, { jobs, steering, clock }: SteerPorts): Promise<void> {
  if (job.burst) await jobs.note(job.id, { burst: { ...job.burst, cancelledMs: clock.now() } });
  else await steering.stop(job);
}

const laterThan = ({ updatedMs }: Job, { clock }: SteerPorts) => Math.max(clock.now(), updatedMs + 1);

const overtaken = (id: JobId) =>
  new ServiceError('busy', `job ${id} has changed at this very moment; look at it again`);
