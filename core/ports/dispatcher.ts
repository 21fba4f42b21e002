import type { Route } from '../dispatch/route.ts';
import type { TaskEnd } from '../dispatch/task-failure.ts';
import type { Job } from '../job/job.ts';

/** `waiting` since when (ms since 1970) for a machine. `ended` with how, where that is known and was no success. */
export type Progress =
  | { readonly status: 'waiting'; readonly sinceMs: number }
  | { readonly status: 'ended'; readonly end?: TaskEnd }
  | { readonly status: 'running' | 'unknown' };

/**
 * Sends jobs to whatever works on them. Every adapter passes test/contracts/dispatcher.ts. Sending twice starts two
 * tasks, of which the second finds the job claimed and ends at once.
 */
export interface Dispatcher {
  /** Throws `busy` where trying again can help. */
  dispatch(job: Job, route: Route): Promise<{ readonly reference: string }>;
  /** What an earlier `dispatch` of the same made, if it is still to be found there: asked before sending a second time. */
  find(job: Job, route: Route): Promise<{ readonly reference: string } | undefined>;
  /** What became of what was sent. Long after its end nobody knows it any more. */
  progress(reference: string): Promise<Progress>;
}
