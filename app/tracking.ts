import type { JobEvent } from '../core/job/events.ts';
import type { JobState } from '../core/job/job.ts';

/** How a step is stopped, and where it reports. */
export type Tracking = {
  readonly signal: AbortSignal;
  emit(event: JobEvent): void;
  /** Writes the job's state into the job table. */
  record(state: JobState): Promise<void>;
};
