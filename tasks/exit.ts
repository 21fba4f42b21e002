import type { StepOutcome } from '../app/run/run-step.ts';
import { DISK_FULL_EXIT, OUT_OF_MEMORY_EXIT } from '../core/dispatch/task-failure.ts';
import { FAILURES } from '../core/errors.ts';

/** The exit code after which Batch tries again on the same kind of machine: the machine was reclaimed, or something was busy. */
export const TRY_AGAIN = FAILURES.busy.exit;

/** Returns the container's exit code for the outcome of its job step. */
export function exitCodeOf(outcome: StepOutcome): number {
  if (outcome.status !== 'failed') return 0;
  if (outcome.code === 'out-of-memory') return OUT_OF_MEMORY_EXIT; // another attempt on the same machine would end the same
  if (outcome.code === 'disk-full') return DISK_FULL_EXIT;
  const { exit, retry } = FAILURES[outcome.code];
  return retry === 'again' ? TRY_AGAIN : exit;
}
