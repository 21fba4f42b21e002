import { asServiceError, ServiceError } from '../../core/errors.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import type { JobEvent, JobOutcome, OnEvent } from '../../core/job/events.ts';
import { failureRecord } from '../../core/job/failure-record.ts';
import type { Job, JobFigures, JobState } from '../../core/job/job.ts';
import { figuresOf } from '../../core/job/job-figures.ts';
import { manifestFrom } from '../../core/job/manifest.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { writeFailureRecord } from '../failure-records.ts';
import type { JobRequest } from '../job-request.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import { makeJob } from './make-job.ts';
import type { RunOptions } from './run-options.ts';

export type RunOutcome = JobOutcome | { readonly status: 'busy' };

/**
 * Runs a job from drop to result. Every outcome is reported as an event and recorded in the job table; a failure that a
 * retry would not mend is also written to `failed/`. Returns the outcome; throws only if the job table itself fails.
 */
export async function runJob(request: JobRequest, ports: Ports, options: RunOptions): Promise<RunOutcome> {
  const lease = await holdLease(request, ports, options);
  if (!lease) return { status: 'busy' };
  const emit = eachWarningOnce(options.onEvent);
  emit({ type: 'job.queued', job: request.id, recipe: request.recipe.id, source: request.source });
  try {
    if (isCancelledSince(options.sentMs, await lease.job())) throw new ServiceError(CANCELLED.code, CANCELLED.reason);
    const signal = AbortSignal.any([options.signal, lease.lost]);
    const made = await makeJob(request, ports, {
      signal,
      emit,
      record: recorder(lease, ports),
    });
    const { status, manifest, published, resultOf } = made;
    const job = await lease.job();
    const figures = (status === 'unchanged' && job.figures) || (await figuresAt(manifest, ports));
    const state = { status, manifest };
    const updatedMs = ports.clock.now();
    await lease.save({ ...job, ...(figures && { figures }), state, published: [...published], updatedMs });
    await ports.outputs.remove(request.failureKey);
    const told = resultOf
      ? { manifest: resultOf.manifest, resultOf: { recipe: resultOf.recipe } }
      : { manifest: ports.outputs.locate(manifest) };
    emit({ type: 'job.done', job: request.id, status, ...told });
    if (status === 'done') await notify(ports, request, 'done', `${request.source} is done`);
    return made;
  } catch (error) {
    return await fail(request, ports, { lease, emit }, causeOf(error, options.signal, lease.lost));
  } finally {
    await lease.release();
  }
}

const isCancelledSince = (sentMs: number | undefined, { state, updatedMs }: Job): boolean =>
  sentMs !== undefined && state.status === 'failed' && state.code === CANCELLED.code && updatedMs > sentMs;

async function figuresAt(manifest: string, { outputs }: Pick<Ports, 'outputs'>): Promise<JobFigures | undefined> {
  const bytes = await outputs.read(manifest).catch(() => undefined); // the film is published; a list can do without them
  const read = bytes && manifestFrom(bytes);
  return read && figuresOf(read);
}

/** Tells each warning once: some are known and told before the work, and all of them again when the manifest that lists them is written. */
function eachWarningOnce(onEvent: OnEvent): OnEvent {
  const told = new Set<string>();
  return (event: JobEvent) => {
    if (event.type === 'warning' && told.has(event.message)) return;
    if (event.type === 'warning') told.add(event.message);
    onEvent(event);
  };
}

const recorder = (lease: HeldLease, ports: Ports) => async (state: JobState) => {
  const job: Job = await lease.job();
  await lease.save({ ...job, state, updatedMs: ports.clock.now() });
};

async function fail(
  request: JobRequest,
  ports: Ports,
  { lease, emit }: { readonly lease: HeldLease; readonly emit: OnEvent },
  error: ServiceError,
): Promise<JobOutcome> {
  const { code, message: reason, exitCode } = error;
  const comesBack = error.retry === 'again';
  const state: JobState = comesBack ? { status: 'queued' } : { status: 'failed', code, reason };
  if (!lease.lost.aborted) await remember(state, lease, ports);
  if (!comesBack) await explainFailure(request, ports, error);
  emit({ type: 'job.failed', job: request.id, code, reason });
  if (!comesBack && code !== 'cancelled') await notify(ports, request, 'failed', `${request.source}: ${reason}`);
  return { status: 'failed', code, reason, exitCode };
}

/** Saves the state. A full disk may refuse the job table too; the outcome still gives the reason. */
async function remember(state: JobState, lease: HeldLease, ports: Ports): Promise<void> {
  await recorder(lease, ports)(state).catch(() => {});
}

/** Returns the failure's cause: an interruption, a cancellation or a lost lease explains whatever broke because of it. */
function causeOf(error: unknown, stopped: AbortSignal, lost: AbortSignal): ServiceError {
  if (stopped.aborted) return stopped.reason instanceof ServiceError ? stopped.reason : interrupted(error);
  return asServiceError(lost.aborted ? lost.reason : error);
}

/** Writes the failure record `failed/<recipe>/<path>.json`. If that fails too, the outcome still gives the reason. */
async function explainFailure(request: JobRequest, ports: Ports, error: ServiceError): Promise<void> {
  const { code, message: reason, details } = error;
  const { id: job, recipe, source, failureKey } = request;
  const record = failureRecord({ job, recipe: recipe.id, source, details }, { code, reason }, ports.clock.now());
  await writeFailureRecord(failureKey, record, ports.outputs).catch(() => {});
}

async function notify(ports: Ports, request: JobRequest, kind: 'done' | 'failed', summary: string): Promise<void> {
  const { id, recipe, source } = request;
  await ports.notifier.notify({ kind, job: id, recipe: recipe.id, source, summary, details: {} });
}

const interrupted = (error: unknown) =>
  new ServiceError(
    'interrupted',
    'stopped; what is finished is kept, the next run goes on from there',
    {},
    { cause: error },
  );
