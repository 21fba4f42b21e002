import { NO_ESCALATION, routeOf } from '../../core/dispatch/route.ts';
import {
  causeOf,
  escalationFor,
  escalationFromShared,
  lastDiskFull,
  type TaskEnd,
  taskFailure,
} from '../../core/dispatch/task-failure.ts';
import { type FailureCode, isFailureCode } from '../../core/errors.ts';
import type { SourceOutline } from '../../core/film/source-outline.ts';
import type { Failure } from '../../core/job/failure-record.ts';
import { isFinal, type Job, type JobId } from '../../core/job/job.ts';
import { type Manifest, manifestSchema } from '../../core/job/manifest.ts';
import { jobFigures } from '../../core/notices/job-figures.ts';
import { doneNotice, failedNotice, unchangedNotice } from '../../core/notices/job-notice.ts';
import type { Figure, Meter } from '../../core/ports/meter.ts';
import type { Notice } from '../../core/ports/notifier.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';
import { needsOfJob } from '../../core/recipes/needs-of.ts';
import { doOnce, type TellPorts } from '../do-once.ts';
import { inputFailure } from '../input-failure.ts';
import { recordFailure } from '../record-failure.ts';
import { isUnsent, type SendJob, type SendPorts, sender } from './send-job.ts';

/** The end of a job's container or workflow. */
export type Ending = {
  readonly job: JobId;
  readonly reference: string;
  readonly succeeded: boolean;
  readonly end: TaskEnd;
};

export type SettlePorts = SendPorts &
  TellPorts & {
    readonly outputs: SmallObjects;
    readonly meter: Meter;
    /** Returns the address at which people see the objects below a prefix. */
    link(prefix: string): string;
  };

/**
 * other: another sending of the job has ended. open: it ended well, but the job is not done, so that `sweep` handles it.
 */
export type Settlement = 'settled' | 'sent again' | 'unknown' | 'other' | 'open';

/**
 * Settles a job whose container or workflow has ended: sends it again if more memory or another market can help, or else
 * tells people. May be called repeatedly for one ending.
 */
export async function settleJob(
  ending: Ending,
  ports: SettlePorts,
  send: SendJob = sender(ports),
): Promise<Settlement> {
  const job = await ports.jobs.get(ending.job);
  if (!job) return 'unknown';
  const isOther = job.sent !== undefined && job.sent.reference !== ending.reference;
  if (isOther && !isFinal(job.state.status)) return 'other';
  const failure = failureOf(job, ending);
  if (failure && isFailureCode(failure.code)) {
    const again = await sendEscalated(job, failure.code, ports, send);
    if (again) return 'sent again';
  }
  if (failure?.code === 'disk-full') return tellDiskFull(job, failure, ports);
  if (isFinal(job.state.status)) return tellSettled(job, ports);
  if (!failure) return 'open';
  const failed = await recordFailure(job, failure, ports); // its task ended before it could record the failure itself
  return failed ? tellSettled(failed, ports) : 'open';
}

/** Returns the failure that the task recorded, or the one that follows from its end. */
function failureOf({ state, partFailure }: Job, { succeeded, end }: Ending): Failure | undefined {
  if (state.status === 'failed') return state;
  if (succeeded || isFinal(state.status)) return undefined;
  const failure = taskFailure(end);
  return failure.code === 'bug' ? (partFailure ?? failure) : failure;
}

/** Tells people that a disk was full that gets no larger, once, however often the end is delivered. */
async function tellDiskFull(job: Job, { code, reason: told }: Failure, ports: SettlePorts): Promise<Settlement> {
  const facts = await outlineOf(job, ports);
  const escalation = job.sent?.escalation ?? NO_ESCALATION;
  const route = facts && routeOf(needsOfJob(job), facts, escalation, ports.disks);
  const reason = route ? lastDiskFull(told, route, escalation) : told;
  if (job.state.status === 'failed' && reason === told) return tellSettled(job, ports);
  const failed = await recordFailure(job, { code, reason }, ports);
  return failed ? tellSettled(failed, ports) : 'open';
}

/**
 * Records why a container of a workflow failed, because the workflow learns of an array only that one of its containers
 * failed.
 */
export async function notePartFailure(
  { job, succeeded, end }: Ending,
  { jobs }: Pick<SettlePorts, 'jobs'>,
): Promise<void> {
  const partFailure = taskFailure(end);
  if (!succeeded && partFailure.code !== 'bug') await jobs.note(job, { partFailure });
}

/** Sends the job again with an escalation; false if no possible change would help. */
async function sendEscalated(job: Job, code: FailureCode, ports: SettlePorts, send: SendJob): Promise<boolean> {
  const facts = await outlineOf(job, ports);
  if (!facts) return false;
  if (job.state.status === 'queued' && job.state.escalation && isUnsent(job))
    return (await send(job, 'again')) !== 'gone'; // an earlier call ended before it sent the job
  const before = job.sent?.escalation ?? NO_ESCALATION;
  const { disks } = ports;
  const escalated = hadNoEndOfItsOwn(job) ? escalationFromShared : escalationFor;
  const escalation = escalated(code, routeOf(needsOfJob(job), facts, before, disks), before, disks);
  if (!escalation) return false;
  const queued = {
    ...job,
    state: { status: 'queued', escalation } as const,
    updatedMs: Math.max(ports.clock.now(), job.updatedMs + 1),
  };
  const isMine = await ports.jobs.advance(job.id, job.state.status, queued.state, queued.updatedMs);
  if (isMine) await send(queued, 'again');
  return true;
}

/** Returns what the header of a job's source states; undefined where it is gone, or cannot be read any more. */
export const outlineOf = ({ source }: Job, { inbox }: Pick<SettlePorts, 'inbox'>): Promise<SourceOutline | undefined> =>
  inbox.measure(source).catch((error: unknown) => {
    if (inputFailure(error)) return undefined;
    throw error;
  });

/** Whether a job was in a container with others, and had not come to an end of its own when that ended. */
export const hadNoEndOfItsOwn = ({ burst, state }: Job): boolean => burst !== undefined && !isFinal(state.status);

/** Tells people once about the outcome of a final job. */
export async function tellSettled(job: Job, ports: SettlePorts): Promise<Settlement> {
  const told = await toldOf(job, ports);
  await doOnce(`settled ${job.id} ${job.updatedMs}`, ports, async () => {
    if (told.notice) await ports.notifier.notify(told.notice);
    if (told.figures.length > 0) await ports.meter.record(told.figures);
  });
  return 'settled';
}

async function toldOf(
  job: Job,
  ports: SettlePorts,
): Promise<{ notice: Notice | undefined; figures: readonly Figure[] }> {
  const link = ports.link(job.outputPrefix);
  if (job.state.status === 'failed') {
    // whoever cancelled it knows
    if (job.state.code === 'cancelled') return { notice: undefined, figures: [] };
    return {
      notice: failedNotice(job, job.state),
      figures: [{ name: 'JobsFailed', value: 1, cause: causeOf(job.state.code) }],
    };
  }
  const done: Figure = { name: 'JobsDone', value: 1 };
  const manifest = job.state.status === 'done' ? await manifestAt(job.state.manifest, ports) : undefined;
  if (!manifest) return { notice: unchangedNotice(job, link), figures: [done] };
  return { notice: doneNotice(job, manifest, link), figures: [done, ...jobFigures(job, needsOfJob(job), manifest)] };
}

async function manifestAt(key: string, { outputs }: SettlePorts): Promise<Manifest | undefined> {
  const bytes = await outputs.read(key);
  return bytes && manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
