import type { Burst } from '../dispatch/burst.ts';
import type { Route } from '../dispatch/route.ts';
import type { TaskEnd } from '../dispatch/task-failure.ts';
import type { Job } from '../job/job.ts';

/** The state of a sent job. `sinceMs` (ms since 1970) is when it began to wait for a machine; `end` is how it failed, where known. */
export type Progress =
  | { readonly status: 'waiting'; readonly sinceMs: number }
  | { readonly status: 'ended'; readonly end?: TaskEnd }
  | { readonly status: 'running' | 'unknown' };

/**
 * Sends jobs to the machines that run them. Every adapter passes test/contracts/dispatcher.ts. Sending a job twice starts two
 * tasks; the second one finds the job claimed and ends at once.
 */
export interface Dispatcher {
  /** Sends the job. Throws `busy` where a later attempt can succeed. */
  dispatch(job: Job, route: Route): Promise<{ readonly reference: string }>;
  /**
   * Sends the jobs of a burst, whose notes name it already. Returns for each of its containers the references of the jobs in it, which
   * are one and the same where a container has them all.
   */
  dispatchTogether(burst: Burst): Promise<readonly (readonly { readonly reference: string }[])[]>;
  /** Returns the reference of an earlier sending of the same job, if it can still be found; called before sending again. */
  find(job: Job, route: Route): Promise<{ readonly reference: string } | undefined>;
  /** Returns the state of a sent job. Long after its end the state is `unknown`. */
  progress(reference: string): Promise<Progress>;
}
