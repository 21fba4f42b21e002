import { NO_ESCALATION, routeOf } from '../core/dispatch/route.ts';
import { escalationFor, causeOf, type TaskEnd, taskFailure } from '../core/dispatch/task-failure.ts';
import { type FailureCode, isFailureCode } from '../core/errors.ts';
import type { Failure } from '../core/job/failure-record.ts';
import { isFinal, type Job, type JobId } from '../core/job/job.ts';
import { type Manifest, manifestSchema } from '../core/job/manifest.ts';
import { jobFigures } from '../core/notices/job-figures.ts';
import { doneNotice, failedNotice, unchangedNotice } from '../core/notices/job-notice.ts';
import type { Figure, Meter } from '../core/ports/meter.ts';
import type { Notice } from '../core/ports/notifier.ts';
import type { SmallObjects } from '../core/ports/object-store.ts';
import { needsOfJob } from '../core/recipes/needs-of.ts';
import { doOnce, type TellPorts } from './do-once.ts';
import { recordFailure } from './record-failure.ts';
import { isUnsent, type SendPorts, sendAgain } from './send-job.ts';

/** The end of what a job was sent to: its one container, or its workflow. */
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
    /** Where people look at what lies under a prefix. */
    link(prefix: string): string;
  };

/** other: the end of another sending, with which the job is not at its end. open: it ended well, but the job is not done: sweep sees to it. */
type Settlement = 'settled' | 'sent again' | 'unknown' | 'other' | 'open';

/**
 * Draws the line under a job whose container or workflow has ended: sends it again where that can help, with more memory
 * or on machines that nobody takes away; else tells people. May be called any number of times for one ending.
 */
export async function settleJob(ending: Ending, ports: SettlePorts): Promise<Settlement> {
  const job = await ports.jobs.get(ending.job);
  if (!job) return 'unknown';
  const isOther = job.sent !== undefined && job.sent.reference !== ending.reference;
  if (isOther && !isFinal(job.state.status)) return 'other';
  const failure = failureOf(job, ending);
  if (failure && isFailureCode(failure.code)) {
    const again = await sendEscalated(job, failure.code, ports);
    if (again) return 'sent again';
  }
  if (isFinal(job.state.status)) return tellSettled(job, ports);
  if (!failure) return 'open';
  const failed = await recordFailure(job, failure, ports); // its task was ended before it could say so itself
  return failed ? tellSettled(failed, ports) : 'open';
}

/** What the task wrote itself, or what became of a task that could write nothing. */
function failureOf({ state, partFailure }: Job, { succeeded, end }: Ending): Failure | undefined {
  if (state.status === 'failed') return state;
  if (succeeded || isFinal(state.status)) return undefined;
  const failure = taskFailure(end);
  return failure.code === 'bug' ? (partFailure ?? failure) : failure;
}

/** Remembers why a container of a workflow ended: of an array's the workflow is told no more than that one failed. */
export async function notePartFailure(
  { job, succeeded, end }: Ending,
  { jobs }: Pick<SettlePorts, 'jobs'>,
): Promise<void> {
  const partFailure = taskFailure(end);
  if (!succeeded && partFailure.code !== 'bug') await jobs.note(job, { partFailure });
}

/** False where nothing that may be changed would help. */
async function sendEscalated(job: Job, code: FailureCode, ports: SettlePorts): Promise<boolean> {
  const facts = await ports.inbox.measure(job.source);
  if (!facts) return false;
  if (job.state.status === 'queued' && job.state.escalation && isUnsent(job))
    return (await sendAgain(job, ports)) !== 'gone'; // cut off here before
  const before = job.sent?.escalation ?? NO_ESCALATION;
  const escalation = escalationFor(code, routeOf(needsOfJob(job), facts, before), before);
  if (!escalation) return false;
  const queued = {
    ...job,
    state: { status: 'queued', escalation } as const,
    updatedMs: Math.max(ports.clock.now(), job.updatedMs + 1),
  };
  const isMine = await ports.jobs.advance(job.id, job.state.status, queued.state, queued.updatedMs);
  if (isMine) await sendAgain(queued, ports);
  return true;
}

/** Tells people once what became of a job that is final. */
export async function tellSettled(job: Job, ports: SettlePorts): Promise<Settlement> {
  const told = await toldOf(job, ports);
  await doOnce(`settled ${job.id} ${job.updatedMs}`, ports, async () => {
    await ports.notifier.notify(told.notice);
    await ports.meter.record(told.figures);
  });
  return 'settled';
}

async function toldOf(job: Job, ports: SettlePorts): Promise<{ notice: Notice; figures: readonly Figure[] }> {
  const link = ports.link(job.outputPrefix);
  if (job.state.status === 'failed') {
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
