import { NO_ESCALATION, routeOf } from '../../core/dispatch/route.ts';
import { escalationFor, escalationFromShared, taskFailure } from '../../core/dispatch/task-failure.ts';
import type { Failure } from '../../core/job/failure-record.ts';
import type { Escalation, Job } from '../../core/job/job.ts';
import type { Progress } from '../../core/ports/dispatcher.ts';
import type { Leak, Upkeep } from '../../core/ports/upkeep.ts';
import { needsOfJob } from '../../core/recipes/needs-of.ts';
import { doOnce, tellOnce } from '../do-once.ts';
import { inputFailure } from '../input-failure.ts';
import { recordFailure } from '../record-failure.ts';
import { isUnsent, sendAgain } from './send-job.ts';
import { hadNoEndOfItsOwn, outlineOf, type SettlePorts, tellSettled } from './settle-job.ts';

type SweepPorts = SettlePorts & { readonly upkeep: readonly Upkeep[] };

type Swept = {
  readonly open: number;
  /** The number of jobs that had not been sent, or whose container ended without a message. */
  readonly sent: number;
  readonly givenUp: number;
  readonly mended: number;
  readonly leaks: readonly Leak[];
};

/** A job that was queued or has reported within this time is left alone. */
const QUIET_MS = 30 * 60_000;
/** A job older than this is not sent again by sweeping alone. */
const LONGEST_OPEN_MS = 3 * 24 * 3_600_000;
const JOBS_AT_ONCE = 1_000;

/**
 * Finds what deliveries, events and containers left undone, and resources that were left behind. It is safe at any time,
 * and to repeat. What goes wrong with one job keeps it from no other, and is thrown when all is done.
 */
export async function sweep(ports: SweepPorts): Promise<Swept> {
  const now = ports.clock.now();
  const open = await ports.jobs.listOpen(now - QUIET_MS, JOBS_AT_ONCE);
  const quiet = open.filter(({ updatedMs }) => updatedMs < now - QUIET_MS);
  const tally = { sent: 0, givenUp: 0, waitedMs: 0 };
  const problems: unknown[] = [];
  for (const job of quiet) {
    const fate = await lookAfter(job, ports).catch((error: unknown) => unlessReadable(error, job, ports));
    if (fate.kind === 'problem') problems.push(fate.error);
    if (fate.kind === 'sent') tally.sent++;
    if (fate.kind === 'given up') tally.givenUp++;
    if (fate.kind === 'waiting') tally.waitedMs = Math.max(tally.waitedMs, now - fate.sinceMs);
  }
  const { mended, leaks } = await lookForLeaks(ports);
  // no figure without waiting jobs, so that an idle stack does not pay for one
  if (tally.waitedMs > 0) await ports.meter.record([{ name: 'RunnableSeconds', value: tally.waitedMs / 1000 }]);
  if (leaks.length > 0) await ports.meter.record([{ name: 'Leaks', value: leaks.length }]);
  if (problems.length > 0) throw problems[0];
  return { open: open.length, sent: tally.sent, givenUp: tally.givenUp, mended, leaks };
}

type Fate = { readonly kind: 'sent' | 'given up' | 'busy' } | { readonly kind: 'waiting'; readonly sinceMs: number };
type Problem = { readonly kind: 'problem'; readonly error: unknown };

async function lookAfter(job: Job, ports: SweepPorts): Promise<Fate> {
  if (isUnsent(job)) return send(job, ports);
  // a job that is neither sent nor queued is worked on by its maker
  if (!job.sent) return { kind: 'busy' };
  const progress = await ports.dispatcher.progress(job.sent.reference);
  if (progress.status === 'waiting') return { kind: 'waiting', sinceMs: progress.sinceMs };
  if (progress.status === 'running') return { kind: 'busy' };
  const now = ports.clock.now();
  if (job.createdMs < now - LONGEST_OPEN_MS) return giveUp(job, ENDLESS, ports);
  const escalation = await escalationAfter(job, progress, ports);
  const state = { status: 'queued', escalation } as const;
  const queued = { ...job, state, sent: undefined, updatedMs: Math.max(now, job.updatedMs + 1) };
  const isMine = await ports.jobs.advance(job.id, job.state.status, state, queued.updatedMs);
  return isMine ? send(queued, ports) : { kind: 'busy' };
}

/**
 * Returns the escalation that on-job-change would have chosen if it had heard of the end, or else the job's present one.
 */
async function escalationAfter(job: Job, progress: Progress, ports: SweepPorts): Promise<Escalation> {
  const before = job.sent?.escalation ?? NO_ESCALATION;
  const end = progress.status === 'ended' ? progress.end : undefined;
  const facts = end && (await outlineOf(job, ports));
  if (!end || !facts) return before;
  const { disks } = ports;
  const route = routeOf(needsOfJob(job), facts, before, disks);
  const escalated = hadNoEndOfItsOwn(job) ? escalationFromShared : escalationFor;
  return escalated(taskFailure(end).code, route, before, disks) ?? before;
}

/** A job whose source cannot be read any more fails by that, or it would stand in the way of every sweep. */
async function unlessReadable(error: unknown, job: Job, ports: SweepPorts): Promise<Fate | Problem> {
  const failure = inputFailure(error);
  if (!failure) return { kind: 'problem', error };
  return giveUp(job, { code: failure.code, reason: failure.message }, ports);
}

const ENDLESS: Failure = {
  code: 'bug',
  reason: 'its container ended several times without a message; its log says more',
};
const GONE: Failure = { code: 'no-input', reason: 'its source is gone' };

async function send(job: Job, ports: SweepPorts): Promise<Fate> {
  const sending = await sendAgain(job, ports);
  if (sending === 'gone') return giveUp(job, GONE, ports);
  return { kind: sending === 'sent' ? 'sent' : 'busy' };
}

async function giveUp(job: Job, failure: Failure, ports: SweepPorts): Promise<Fate> {
  const failed = await recordFailure(job, failure, ports);
  if (failed) await tellSettled(failed, ports);
  return { kind: 'given up' };
}

async function lookForLeaks(ports: SweepPorts): Promise<{ readonly mended: number; readonly leaks: readonly Leak[] }> {
  const leaks: Leak[] = [];
  let mended = 0;
  for (const upkeep of ports.upkeep) {
    for await (const leak of upkeep.leaks(ports.clock.now() - upkeep.afterMs)) {
      if (await upkeep.mend(leak)) mended++;
      else leaks.push(leak);
    }
  }
  for (const leak of leaks) await tellLeak(leak, ports);
  return { mended, leaks };
}

const LEAK_SENTENCES: { readonly [K in Leak['kind']]: string } = {
  upload: 'an upload that was never finished still takes room',
  work: 'work files of a job that has long ended still take room',
  'spot-job': 'a job has waited too long for a machine of Spot, and could not be taken back',
  'gpu-instance': 'a GPU machine runs and does nothing',
  queue:
    'no machine is given to the jobs that wait in a queue on demand; look whether the quota of the account for its machines is zero, and at jobs-runnable in docs/runbook.md',
  endpoint: 'a SageMaker endpoint runs and does nothing',
};

/** Reports a leak when it is seen for the second time, since a machine may have ended its work a moment ago. */
async function tellLeak({ kind, name, sinceMs }: Leak, ports: SweepPorts): Promise<void> {
  let isNew = false;
  await doOnce(`seen ${kind} ${name}`, ports, async () => {
    isNew = true;
  });
  if (isNew) return;
  const since = new Date(sinceMs).toISOString();
  const summary = `${LEAK_SENTENCES[kind]}: ${name}, since ${since}`;
  await tellOnce(
    `leak ${kind} ${name}`,
    { kind: 'report', job: '', recipe: '', source: name, summary, details: { kind, since } },
    ports,
  );
}
