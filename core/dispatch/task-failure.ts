import { FAILURES, type FailureCause, type FailureCode, failureNamed, isFailureCode } from '../errors.ts';
import type { Amends } from '../job/job.ts';
import { canGrow, type Route } from './route.ts';

/** How a container that was to do a job ended, as AWS Batch tells it. */
export type TaskEnd = {
  readonly statusReason: string | undefined;
  readonly containerReason: string | undefined;
  readonly exitCode: number | undefined;
};

export type TaskFailure = { readonly code: FailureCode; readonly reason: string };

/** What `sweep` cancels a job with that Spot has no machine for: Batch gives it back as the job's status reason. */
export const WAITED_FOR_SPOT = 'Reelmill: it waited too long for a machine of Spot';

/** A time limit of the queue puts its own words before the reason; so does ECS before what came after an exit. */
const BEFORE =
  '(?:(?:Canceled|Terminated) by JobStateTimeLimit action due to reason: |Essential container in task exited - )?';
const reason = (begins: string) => new RegExp(`^${BEFORE}${begins}`);

/** In this order: why Batch or ECS ended a container, by how their sentence begins (test/fixtures/status-reasons.json). */
const REASONS: readonly { readonly says: RegExp; readonly code: FailureCode }[] = [
  { says: reason('OutOfMemory(?:Error)?'), code: 'out-of-memory' },
  { says: reason('Your Spot Task was interrupted'), code: 'reclaimed' },
  { says: reason('Host EC2'), code: 'reclaimed' },
  { says: reason('(?:CAPACITY:|Capacity is unavailable|No capacity)'), code: 'reclaimed' },
  { says: new RegExp(`^${WAITED_FOR_SPOT}`), code: 'reclaimed' },
  { says: reason('Job attempt duration exceeded timeout'), code: 'over-time' },
  // What we may not, or what is not there, is so the next time as well: a fault of the stack, whatever it stopped.
  { says: /AccessDenied|not authorized to perform|was unable to assume the role|pull access denied/, code: 'bug' },
  { says: /image (?:M|m)anifest does not contain descriptor|manifest unknown|repository does not exist/, code: 'bug' },
  { says: /CannotPullContainer\w*:.*: not found$/, code: 'bug' },
  { says: /The specified log group does not exist/, code: 'bug' },
  {
    says: reason('(?:CannotPullContainer|CannotPullImage|ResourceInitializationError|Timeout waiting for)'),
    code: 'busy',
  },
  {
    says: reason('(?:CannotInspectContainer|DockerTimeoutError|ContainerRuntimeTimeoutError|TaskFailedToStart: AGENT)'),
    code: 'busy',
  },
  { says: reason('(?:CannotStartContainer|CannotCreateContainer|MISCONFIGURATION:)'), code: 'bug' },
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
  const code = REASONS.find(({ says }) => sentences.some((text) => text !== undefined && says.test(text)))?.code;
  const told = sentences.join('; ') || `the container ended with exit code ${exitCode ?? 'unknown'}`;
  return { code: code ?? codeOfExit(exitCode), reason: code === 'over-time' ? overTime(told) : told };
}

/** Our limit, in resources/batch-*.yml: the source may be as good as any. */
const overTime = (told: string): string =>
  `${told}: one container may work on it for 12 hours at most (24 on a GPU), a limit of this stack and no fault of the source; a faster preset, or a smaller picture, ends sooner`;

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
