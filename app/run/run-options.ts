import type { OnEvent } from '../../core/job/events.ts';

export type RunOptions = {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** What to do if another process has the job: wait for it, or leave the job to it. */
  readonly ifBusy: 'wait' | 'leave';
  /** When the job was sent. If somebody has cancelled it since, nothing is made. */
  readonly sentMs?: number | undefined;
};
