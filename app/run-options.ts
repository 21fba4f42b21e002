import type { OnEvent } from '../core/job/events.ts';

export type RunOptions = {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** Another process has the job: wait for it, or leave it to the other. */
  readonly ifBusy: 'wait' | 'leave';
};
