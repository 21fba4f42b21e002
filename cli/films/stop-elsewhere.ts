import { ServiceError } from '../../core/errors.ts';
import { isFinal, type Job } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { CancelMarks } from '../../runtime/cancel-marks.ts';

type StopPorts = {
  readonly jobs: Pick<JobStore, 'get' | 'claim' | 'release'>;
  readonly clock: Clock;
  readonly cancels: Pick<CancelMarks, 'put'>;
};

const LOOK_MS = 100;
/** A process that does not end its work within this time is not told by marks, or hangs. */
const PATIENCE_MS = 60_000;

/**
 * Has another process of this machine end its work on a job, and waits for that. False if no process works on it. Throws `busy`
 * for one that does not end it within a minute, and `interrupted` if the signal aborts meanwhile.
 */
export async function stopElsewhere(
  { id }: Job,
  { jobs, clock, cancels }: StopPorts,
  signal: AbortSignal,
): Promise<boolean> {
  await cancels.put(id);
  const owner = `cancel-${clock.newId()}`;
  const until = clock.elapsed() + PATIENCE_MS;
  for (let times = 0; ; times += 1) {
    const now = clock.now();
    if (await jobs.claim(id, { owner, until: now + 1000 }, now)) {
      await jobs.release(id, owner);
      return times > 0;
    }
    const job = await jobs.get(id);
    if (job && isFinal(job.state.status)) return true; // whoever works on it still tidies up
    if (clock.elapsed() > until)
      throw new ServiceError('busy', `another process works on job ${id} and does not end it; end it there`);
    if (signal.aborted) throw new ServiceError('interrupted', `stopped; job ${id} still ends if a process works on it`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
