import type { Disks } from '../../core/dispatch/disks.ts';
import { asServiceError, type FailureCode, isFailureCode, ServiceError, usage } from '../../core/errors.ts';
import type { OnEvent } from '../../core/job/events.ts';
import type { Job, JobId } from '../../core/job/job.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import type { JobRequest } from '../job-request.ts';
import { recordFailure } from '../record-failure.ts';
import { requestFor } from '../request-for.ts';
import { encodeShare } from '../share/encode-share.ts';
import { planWork, readFanOut, withMeasured } from '../share/plan-work.ts';
import { runJob } from './run-job.ts';

/** The work of a container: a whole job, or one step of a long one. */
export type JobStep = { readonly job: JobId } & Step;

type Step = { readonly step: 'all' | 'plan' | 'join' } | { readonly step: 'segment'; readonly index: number };

export type StepPorts = Ports & {
  menu(): Promise<Menu>;
  /** The disks that the containers of the stack can be given. */
  readonly disks: Disks;
};

type StepOptions = { readonly signal: AbortSignal; readonly onEvent: OnEvent };

/** `busy` means that another process is working on the job. */
export type StepOutcome =
  | { readonly status: 'done' | 'busy' }
  | { readonly status: 'failed'; readonly code: FailureCode; readonly reason: string };

/**
 * Does one step of a job. A failure that no retry mends is in the job table and below `failed/` when this returns; any
 * other leaves the job to the next container. Throws only if the job table itself fails.
 */
export async function runStep(step: JobStep, ports: StepPorts, options: StepOptions): Promise<StepOutcome> {
  const job = await ports.jobs.get(step.job);
  if (!job) return failed(usage(`there is no job ${step.job} in the job table`));
  try {
    const asked = requestFor(job, await ports.menu());
    const isLater = step.step === 'segment' || step.step === 'join';
    const request = isLater ? await withMeasured(asked, ports) : asked;
    return step.step === 'all' || step.step === 'join'
      ? await wholeJob(step.step === 'join' ? { ...request, isPlanned: true } : request, ports, options)
      : await oneStep(step, { job, request }, ports, options);
  } catch (error) {
    const failure = options.signal.aborted ? interruption(error) : asServiceError(error);
    if (failure.retry === 'never') await recordFailure(job, { code: failure.code, reason: failure.message }, ports);
    options.onEvent({ type: 'job.failed', job: job.id, code: failure.code, reason: failure.message });
    return failed(failure);
  }
}

async function wholeJob(request: JobRequest, ports: Ports, options: StepOptions): Promise<StepOutcome> {
  const outcome = await runJob(request, ports, { ...options, ifBusy: 'leave' });
  switch (outcome.status) {
    case 'done':
    case 'unchanged':
      return { status: 'done' };
    case 'busy':
      return outcome;
    case 'failed':
      return { status: 'failed', code: isFailureCode(outcome.code) ? outcome.code : 'bug', reason: outcome.reason };
    default:
      return outcome satisfies never;
  }
}

async function oneStep(
  step: Step,
  { job, request }: { readonly job: Job; readonly request: JobRequest },
  ports: StepPorts,
  { signal, onEvent }: StepOptions,
): Promise<StepOutcome> {
  const tracking = { signal, emit: onEvent, record: async () => {} };
  if (step.step === 'segment') {
    const { tasks } = await readFanOut(job.id, ports);
    await encodeShare(request, { index: step.index, of: tasks }, ports, tracking);
  } else await planWork(job, request, ports, tracking);
  return { status: 'done' };
}

const failed = ({ code, message }: ServiceError): StepOutcome => ({ status: 'failed', code, reason: message });

const interruption = (cause: unknown) =>
  new ServiceError('interrupted', 'stopped; the pieces that are finished are kept', {}, { cause });
