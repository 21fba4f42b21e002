import type { Route } from '../../core/dispatch/route.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Dispatcher, Progress } from '../../core/ports/dispatcher.ts';

export type InProcessDispatcher = Dispatcher & {
  /** The machine is this one, so that no route is needed. */
  dispatch(job: Job, route?: Route): Promise<{ readonly reference: string }>;
  /** Begins with what waits, where it was told to hold until then. */
  start(): void;
  /** When all that was sent so far has been worked on. */
  idle(): Promise<void>;
};

export type InProcessOptions = {
  readonly atOnce: number;
  readonly clock: Clock;
  /** Is told what a job's work throws, and nobody else is. */
  readonly report: (error: unknown) => void;
  /** Of those that wait, asked before each is begun: priorities change meanwhile. The jobs' own unless told. */
  readonly priorities?: (jobs: readonly Job[]) => Promise<readonly number[]>;
  /** Begins with nothing before `start`. */
  readonly isHeld?: boolean;
};

/** Enough to look back on; a watch that runs for months forgets what is older. */
const MOST_REMEMBERED = 10_000;

/**
 * Works on jobs in this process, so many at once, of those that wait on the most wanted first, equals as they came. A job
 * that is sent again while it waits takes its own place in the queue, as it is asked for by then.
 */
export function inProcessDispatcher(
  work: (job: Job, route: Route | undefined) => Promise<void>,
  { atOnce, clock, report, priorities = ownPriorities, isHeld = false }: InProcessOptions,
): InProcessDispatcher {
  const sent = new Map<string, Progress>();
  const waiting: { readonly job: Job; readonly route: Route | undefined }[] = [];
  const workers = new Set<Promise<void>>();
  let isStarted = !isHeld;
  const referenceOf = (job: Job) => `process:${dispatchName(job)}`;

  function begin(): void {
    if (!isStarted || workers.size >= atOnce || waiting.length === 0) return;
    const worker = untilNothingWaits().finally(() => {
      workers.delete(worker);
      begin(); // for what came while the last one ended
    });
    workers.add(worker);
  }

  async function untilNothingWaits(): Promise<void> {
    for (let next = await mostWanted(); next; next = await mostWanted()) {
      sent.set(referenceOf(next.job), { status: 'running' });
      await work(next.job, next.route).catch(report);
      ended(referenceOf(next.job));
    }
  }

  async function mostWanted() {
    while (waiting.length > 0) {
      const all = [...waiting];
      const jobs = all.map(({ job }) => job);
      const wanted = all.length === 1 ? [0] : await priorities(jobs).catch(() => ownPriorities(jobs));
      const next = all[wanted.indexOf(Math.max(...wanted))];
      const at = next ? waiting.indexOf(next) : -1; // another worker may have taken it, or it was sent again
      if (at >= 0) return waiting.splice(at, 1)[0];
    }
    return undefined;
  }

  function ended(reference: string): void {
    sent.delete(reference);
    sent.set(reference, { status: 'ended' });
    const [oldest] = sent.keys();
    if (sent.size > MOST_REMEMBERED && oldest !== undefined) sent.delete(oldest);
  }

  return {
    async dispatch(job, route) {
      const reference = referenceOf(job);
      const before = waiting.findIndex((each) => each.job.id === job.id);
      const replaced = waiting[before];
      if (replaced) ended(referenceOf(replaced.job));
      sent.set(reference, { status: 'waiting', sinceMs: clock.now() });
      if (replaced) waiting[before] = { job, route };
      else waiting.push({ job, route });
      begin();
      return { reference };
    },
    async progress(reference) {
      return sent.get(reference) ?? { status: 'unknown' };
    },
    async find(job) {
      const reference = referenceOf(job);
      return sent.has(reference) ? { reference } : undefined;
    },
    start() {
      isStarted = true;
      for (let more = 0; more < atOnce; more++) begin();
    },
    async idle() {
      while (workers.size > 0) await Promise.all(workers);
    },
  };
}

const ownPriorities = async (jobs: readonly Job[]) => jobs.map(({ priority = 0 }) => priority);
