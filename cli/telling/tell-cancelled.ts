import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import type { Job } from '../../core/job/job.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

type CancelTelling = { readonly json?: boolean; readonly quiet?: boolean };

/** Tells that a job is cancelled. Throws `usage` for one that ended otherwise before it could be. */
export function tellCancelled({ id, recipe, source, state }: Job, { json, quiet }: CancelTelling): void {
  const isCancelled = state.status === 'failed' && state.code === CANCELLED.code;
  if (!isCancelled) throw usage(`job ${id} has ended meanwhile (${state.status}); it cannot be cancelled`);
  if (json) process.stdout.write(`${JSON.stringify({ type: 'job.cancelled', job: id, recipe, source })}\n`);
  if (!quiet)
    say(
      `job ${id.slice(0, 12)} (${printable(source)}) is cancelled; its finished pieces are kept, and a retry goes on from there`,
    );
}
