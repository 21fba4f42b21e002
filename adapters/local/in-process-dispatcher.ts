import type { Route } from '../../core/dispatch/route.ts';
import { dispatchName, type Job, type JobId } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Dispatcher, Progress } from '../../core/ports/dispatcher.ts';

type InProcessDispatcher = Dispatcher & {
  /** Queues a job. It needs no route, because it runs on this machine. */
  dispatch(job: Job, route?: Route): Promise<{ readonly reference: string }>;
  /** Takes a waiting job out of the queue. False if it does not wait. */
  withdraw(job: JobId): boolean;
  /** Begins with the waiting jobs, if `isHeld` was set. */
  start(): void;
  /** Resolves when all jobs that were dispatched so far have begun. */
  begun(): Promise<void>;
  /** Resolves when all jobs that were dispatched so far have ended. */
  idle(): Promise<void>;
};

type WaitingJob = { readonly job: Job; readonly route: Route | undefined };

type InProcessOptions = {
  /** Whether a job may begin beside those that run; none waits for a job behind it. */
  readonly mayBegin: (job: Job, running: readonly Job[]) => boolean;
  readonly clock: Clock;
  /** Is called with the errors that a job's work throws. */
  readonly report: (error: unknown) => void;
  /** Returns the priorities of waiting jobs, before each job begins, because they change; the jobs' own by default. */
  readonly priorities?: (jobs: readonly Job[]) => Promise<readonly number[]>;
  /** Whether no job begins before `start` is called. */
  readonly isHeld?: boolean;
};

/** The number of jobs whose progress is remembered, so that a watch that runs for months does not fill the memory. */
const MOST_REMEMBERED = 10_000;

/**
 * Runs jobs in this process, as many at the same time as `mayBegin` allows. The waiting job with the highest priority goes first, among equals
 * the one that was sent first. A waiting job that is sent again keeps its place in the queue, with its new settings.
 */
export function inProcessDispatcher(
  work: (job: Job, route: Route | undefined) => Promise<void>,
  { mayBegin, clock, report, priorities = ownPriorities, isHeld = false }: InProcessOptions,
): InProcessDispatcher {
  const sent = new Map<string, Progress>();
  const waiting: WaitingJob[] = [];
  const running = new Map<Promise<void>, Job>();
  let isStarted = !isHeld;
  let choosing: Promise<void> | undefined;
  const referenceOf = (job: Job) => `process:${dispatchName(job)}`;

  /** Begins what may begin. Called when a job comes and when one ends. */
  function begin(): void {
    if (!isStarted || waiting.length === 0) return;
    choosing = (choosing ?? Promise.resolve()).then(beginAll);
  }

  async function beginAll(): Promise<void> {
    for (let next = await mostWanted(); next; next = await mostWanted()) {
      if (!mayBegin(next.job, [...running.values()])) return;
      const at = waiting.indexOf(next);
      if (at < 0) continue; // it was withdrawn at this moment
      waiting.splice(at, 1);
      const { job, route } = next;
      sent.set(referenceOf(job), { status: 'running' });
      const ends: Promise<void> = work(job, route)
        .catch(report)
        .finally(() => {
          running.delete(ends);
          ended(referenceOf(job));
          begin();
        });
      running.set(ends, job);
    }
  }

  const waits = () => isStarted && waiting.length > 0;

  /** Resolves when nothing is being chosen any more. */
  async function chosen(): Promise<void> {
    for (let seen = choosing; seen; seen = choosing === seen ? undefined : choosing) await seen;
  }

  async function mostWanted() {
    while (waiting.length > 0) {
      const all = [...waiting];
      const jobs = all.map(({ job }) => job);
      const wanted = all.length === 1 ? [0] : await priorities(jobs).catch(() => ownPriorities(jobs));
      const next = all[wanted.indexOf(Math.max(...wanted))];
      if (next && waiting.includes(next)) return next; // it may have been sent again, or withdrawn
    }
    return undefined;
  }

  function ended(reference: string): void {
    sent.delete(reference);
    sent.set(reference, { status: 'ended' });
    const [oldest] = sent.keys();
    if (sent.size > MOST_REMEMBERED && oldest !== undefined) sent.delete(oldest);
  }

  function dispatch(job: Job, route: Route | undefined): { readonly reference: string } {
    const reference = referenceOf(job);
    const before = waiting.findIndex((each) => each.job.id === job.id);
    const replaced = waiting[before];
    if (replaced) ended(referenceOf(replaced.job));
    sent.set(reference, { status: 'waiting', sinceMs: clock.now() });
    if (replaced) waiting[before] = { job, route };
    else waiting.push({ job, route });
    begin();
    return { reference };
  }

  return {
    dispatch: async (job, route) => dispatch(job, route),
    // they share this machine anyway
    dispatchTogether: async ({ route, containers }) =>
      containers.map((jobs) => jobs.map(({ job }) => dispatch(job, route))),
    async progress(reference) {
      return sent.get(reference) ?? { status: 'unknown' };
    },
    async find(job) {
      const reference = referenceOf(job);
      return sent.has(reference) ? { reference } : undefined;
    },
    withdraw(id) {
      const at = waiting.findIndex(({ job }) => job.id === id);
      if (at < 0) return false;
      for (const { job } of waiting.splice(at, 1)) ended(referenceOf(job));
      return true;
    },
    start() {
      isStarted = true;
      begin();
    },
    async begun() {
      await chosen();
      while (waits()) {
        if (running.size > 0) await Promise.race(running.keys());
        await chosen();
      }
    },
    async idle() {
      await chosen();
      while (running.size > 0 || waits()) {
        await Promise.all(running.keys());
        await chosen();
      }
    },
  };
}

const ownPriorities = async (jobs: readonly Job[]) => jobs.map(({ priority = 0 }) => priority);
