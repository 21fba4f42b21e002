import type { Job } from '../job/job.ts';

/** Has jobs made again, or no longer. */
export interface Steering {
  /** Sends a job that was queued again. */
  retry(job: Job): Promise<void>;
  /** Ends the work on a job, wherever it waits or runs. False if nobody works on it and it waits nowhere. */
  stop(job: Job): Promise<boolean>;
}
