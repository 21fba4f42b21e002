import { takeAgain } from '../app/take-again.ts';
import { ServiceError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { JobStore } from '../core/ports/job-store.ts';
import type { Steering } from '../core/ports/steering.ts';
import type { WorkHere } from './work-here.ts';

/** Steers the jobs of the process at hand. Throws `busy` for a job that another process works on. */
export function localSteering(
  here: Pick<WorkHere, 'send' | 'stop'>,
  { jobs, clock }: { readonly jobs: JobStore; readonly clock: Clock },
): Steering {
  return {
    retry: (job) => takeAgain(job, here),
    async stop(job) {
      if (await here.stop(job.id)) return true;
      const owner = `cancel-${clock.newId()}`;
      const now = clock.now();
      if (!(await jobs.claim(job.id, { owner, until: now + 1000 }, now)))
        throw new ServiceError('busy', `another process works on job ${job.id}; end it there`);
      await jobs.release(job.id, owner);
      return false;
    },
  };
}
