import { FAILURES, type FailureCause, type FailureCode, failureNamed, isFailureCode } from '../errors.ts';
import type { Amends } from './job.ts';
import { canGrow, type Route } from './route.ts';

/** How a container that was to do a job ended, as AWS Batch tells it. */
export type TaskEnd = {
  readonly statusReason: string | undefined;
  readonly containerReason: string | undefined;
  readonly exitCode: number | undefined;
};

export type TaskFailure = { readonly code: FailureCode; readonly reason: string };

/** In this order: why Batch or ECS ended a container, by how their sentence begins. */
const REASONS: readonly { readonly begins: RegExp; readonly code: FailureCode }[] = [
  { begins: /^OutOfMemoryError/, code: 'out-of-memory' },
  { begins: /^Your Spot Task was interrupted/, code: 'reclaimed' },
  { begins: /^Host EC2/, code: 'reclaimed' },
  { begins: /^(?:CAPACITY:|No capacity)/, code: 'reclaimed' },
  { begins: /^Job attempt duration exceeded timeout/, code: 'over-limit' },
  { begins: /^(?:CannotPullContainer|CannotPullImage|ResourceInitializationError|Timeout waiting for)/, code: 'busy' },
  { begins: /^CannotStartContainer|^CannotCreateContainer|^MISCONFIGURATION:/, code: 'bug' },
];

/** As a container ends that is killed for its memory (SIGKILL), also where ECS does not say so. */
export const OUT_OF_MEMORY_EXIT = 137;

/** What the exit codes of tasks/ say: of the codes that share one, the first in the table. */
function codeOfExit(exitCode: number | undefined): FailureCode {
  if (exitCode === OUT_OF_MEMORY_EXIT) return 'out-of-memory';
  return (
    Object.keys(FAILURES)
      .filter(isFailureCode)
      .find((code) => FAILURES[code].exit === exitCode) ?? 'bug'
  );
}

/** The cause behind a container's end. A task that knew its cause has written it into the job itself. */
export function taskFailure({ statusReason, containerReason, exitCode }: TaskEnd): TaskFailure {
  const sentences = [containerReason, statusReason].filter((text) => text !== undefined && text !== '');
  const known = REASONS.find(({ begins }) => sentences.some((text) => text !== undefined && begins.test(text)));
  const reason = sentences.join('; ') || `the container ended with exit code ${exitCode ?? 'unknown'}`;
  return { code: known?.code ?? codeOfExit(exitCode), reason };
}

/**
 * What to change before the job is sent again; undefined where that cannot help. Memory is found in the next size. What
 * passes by itself, Batch and the SDK have tried several times: only machines that nobody takes away are left, which the
 * workflow has tried by itself.
 */
export function amendsFor(code: FailureCode, { way, ...route }: Route, amends: Amends): Amends | undefined {
  if (code === 'out-of-memory') return canGrow(route) ? { ...amends, larger: amends.larger + 1 } : undefined;
  const mayPass = FAILURES[code].retry === 'again' && amends.market === 'spot' && way === 'single';
  return mayPass ? { ...amends, market: 'on-demand' } : undefined;
}

export const causeOf = (code: string): FailureCause => failureNamed(code).cause;
