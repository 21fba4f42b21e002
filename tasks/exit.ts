import type { ErrandOutcome } from '../app/run-errand.ts';
import { FAILURES } from '../core/errors.ts';
import { OUT_OF_MEMORY_EXIT } from '../core/job/task-failure.ts';

/** Batch tries these again by itself, on the same kind of machine: a machine was taken away, or something was busy. */
export const TRY_AGAIN = FAILURES.busy.exit;

/** How a container says what became of its errand. */
export function exitCodeOf(outcome: ErrandOutcome): number {
  if (outcome.status !== 'failed') return 0;
  if (outcome.code === 'out-of-memory') return OUT_OF_MEMORY_EXIT; // trying again where it is would end the same
  const { exit, retry } = FAILURES[outcome.code];
  return retry === 'again' ? TRY_AGAIN : exit;
}
