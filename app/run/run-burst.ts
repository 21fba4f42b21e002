import { type FilmLoad, type FilmsAtOnce, mayBegin } from '../../core/dispatch/films-at-once.ts';
import { ServiceError } from '../../core/errors.ts';
import type { ListedJob } from '../../core/job/burst-list.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import { isFinal, type Job } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';

type BurstRun = {
  readonly name: string;
  readonly films: FilmsAtOnce;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly signal: AbortSignal;
  /** How often the rows of the jobs that are worked on are looked at, for one that somebody cancelled. */
  readonly lookMs: number;
  /** Does the job, and returns the exit code that a container of its own would have had. It does not throw. */
  run(job: ListedJob, signal: AbortSignal): Promise<number>;
};

/** A job that has no end yet, with the exit code that its work had. */
type Unended = { readonly exit: number };

/**
 * Does the jobs of a container that several share, in their order, side by side where the machine has room for it. What has come to its
 * end before (done, failed, cancelled), or is meanwhile sent elsewhere, is passed over, so that another attempt goes on where
 * this one was stopped. Returns the exit codes of those that came to no end; of those that did, their rows tell how.
 */
export async function runBurst(listed: readonly ListedJob[], burst: BurstRun): Promise<readonly number[]> {
  const running = new Map<Promise<void>, FilmLoad>();
  const unended: Unended[] = [];
  try {
    for (const each of listed) {
      const load: FilmLoad = { source: each.key, bytes: each.bytes, engine: 'processor' };
      while (!mayBegin(load, [...running.values()], burst.films)) await Promise.race(running.keys());
      if (burst.signal.aborted) break;
      if (!isToDo(await burst.jobs.get(each.job), burst)) continue;
      const work: Promise<void> = runOne(each, burst).then((end) => {
        running.delete(work);
        if (end) unended.push(end);
      });
      running.set(work, load);
    }
  } finally {
    await Promise.all(running.keys());
  }
  return unended.map(({ exit }) => exit);
}

/** Whether a job still waits for this container. One that was queued again has left the burst. */
const isToDo = (job: Job | undefined, { name }: BurstRun): boolean =>
  job !== undefined && !isFinal(job.state.status) && job.burst?.name === name && job.burst.cancelledMs === undefined;

async function runOne(listed: ListedJob, burst: BurstRun): Promise<Unended | undefined> {
  const cancelled = new AbortController();
  const look = async () => {
    const job = await burst.jobs.get(listed.job).catch(() => undefined); // the next look may succeed
    if (job?.burst?.cancelledMs !== undefined) cancelled.abort(new ServiceError(CANCELLED.code, CANCELLED.reason));
  };
  const timer = setInterval(() => void look(), burst.lookMs);
  try {
    const exit = await burst.run(listed, AbortSignal.any([burst.signal, cancelled.signal]));
    if (exit === 0) return undefined;
    const now = await burst.jobs.get(listed.job).catch(() => undefined); // then the next attempt finds out
    return now && isFinal(now.state.status) ? undefined : { exit };
  } finally {
    clearInterval(timer);
  }
}
