import { FAILURES, type FailureCause, type FailureCode, failureNamed, isFailureCode } from '../errors.ts';
import type { Escalation } from '../job/job.ts';
import { type Disks, STACK_DISKS } from './disks.ts';
import { canGrow, type Route } from './route.ts';

/** How a job's container ended, as AWS Batch reports it. */
export type TaskEnd = {
  readonly statusReason: string | undefined;
  readonly containerReason: string | undefined;
  readonly exitCode: number | undefined;
};

type TaskFailure = { readonly code: FailureCode; readonly reason: string };

/** The reason with which `sweep` cancels a job for which Spot has no machine. Batch returns it as the job's status reason. */
export const WAITED_FOR_SPOT = 'Reelmill: it waited too long for a machine of Spot';

/** The reason with which a cancelled job's container or workflow is ended. It comes back in the same way. */
export const CANCELLED_REASON = 'Reelmill: somebody cancelled it';

/** Words that a queue's time limit puts before the reason, and ECS before a reason that came after an exit. */
const BEFORE =
  '(?:(?:Canceled|Terminated) by JobStateTimeLimit action due to reason: |Essential container in task exited - )?';
const reason = (begins: string) => new RegExp(`^${BEFORE}${begins}`);

/** Why Batch or ECS ended a container, read from their sentence (test/fixtures/status-reasons.json). The first match counts. */
const REASONS: readonly { readonly says: RegExp; readonly code: FailureCode }[] = [
  { says: reason('OutOfMemory(?:Error)?'), code: 'out-of-memory' },
  { says: reason('Your Spot Task was interrupted'), code: 'reclaimed' },
  { says: reason('Host EC2'), code: 'reclaimed' },
  { says: reason('(?:CAPACITY:|Capacity is unavailable|No capacity)'), code: 'reclaimed' },
  { says: new RegExp(`^${WAITED_FOR_SPOT}`), code: 'reclaimed' },
  { says: reason(CANCELLED_REASON), code: 'cancelled' },
  { says: reason('Job attempt duration exceeded timeout'), code: 'over-time' },
  { says: /^(?:States\.Timeout|the workflow ended as TIMED_OUT)/, code: 'over-time' },
  { says: /^the workflow ended as ABORTED/, code: 'interrupted' },
  { says: reason('MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE'), code: 'over-limit' },
  // A missing permission or a missing image is missing the next time as well: these are faults of the stack.
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

/** The exit code of a container that is killed for its memory (SIGKILL), even if ECS gives no reason. */
export const OUT_OF_MEMORY_EXIT = 137;

/**
 * The exit code of a container whose disk was full. The command ends with 73 then, which it shares with a place that cannot be
 * written, and a larger disk helps against one of them alone.
 */
export const DISK_FULL_EXIT = 74;

/** Returns the failure code for an exit code of tasks/. If several codes share it, the first in the table counts. */
function codeOfExit(exitCode: number | undefined): FailureCode {
  if (exitCode === OUT_OF_MEMORY_EXIT) return 'out-of-memory';
  if (exitCode === DISK_FULL_EXIT) return 'disk-full';
  return (
    Object.keys(FAILURES)
      .filter(isFailureCode)
      .find((code) => FAILURES[code].exit === exitCode) ?? 'bug'
  );
}

/** Returns why a container failed, from what Batch reports. A task that knew the cause has already written it into the job. */
export function taskFailure({ statusReason, containerReason, exitCode }: TaskEnd): TaskFailure {
  const sentences = [containerReason, statusReason].filter((text) => text !== undefined && text !== '');
  const code = REASONS.find(({ says }) => sentences.some((text) => text !== undefined && says.test(text)))?.code;
  const text = sentences.join('; ') || `the container ended with exit code ${exitCode ?? 'unknown'}`;
  const advice = ADVICE.find(({ says }) => says.test(text))?.advice;
  return { code: code ?? codeOfExit(exitCode), reason: advice === undefined ? text : `${text}: ${advice}` };
}

/** The limits are those of the stack (resources/batch-*.yml, workflow.asl), so that the sentences say that the source is not at fault. */
const ADVICE: readonly { readonly says: RegExp; readonly advice: string }[] = [
  {
    says: /Job attempt duration exceeded timeout/,
    advice:
      'one container may work on it for 12 hours at most (24 on a GPU); this is a limit of the stack and no fault of the source; choose a faster preset or a smaller picture',
  },
  {
    says: /^(?:States\.Timeout|the workflow ended as TIMED_OUT)/,
    advice: 'a workflow may take 14 days, waiting included; retry goes on from the pieces that are there',
  },
  {
    says: /MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE/,
    advice:
      'it needs more processors at once than the stage may have; raise maxVcpus (maxGpuVcpus, maxLargeVcpus) and its twin on demand, deploy, and retry the job',
  },
];

/**
 * Returns the escalation with which the job is sent again; undefined if another attempt cannot help. A job that ran out of
 * memory gets the next size. One whose disk was full gets the next larger disks, once: what was foreseen can be wrong by so much, and
 * not by more. Batch and the SDK have retried passing faults several times already, so that only on-demand
 * machines are left to try; the workflow tries those itself.
 */
export function escalationFor(
  code: FailureCode,
  { way, ...route }: Route,
  escalation: Escalation,
  disks: Disks = STACK_DISKS,
): Escalation | undefined {
  if (code === 'out-of-memory') return canGrow(route) ? { ...escalation, larger: escalation.larger + 1 } : undefined;
  if (code === 'disk-full')
    return canGetLarger({ way, ...route }, escalation, disks) ? { ...escalation, disk: 1 } : undefined;
  const mayPass = FAILURES[code].retry === 'again' && escalation.market === 'spot' && way === 'single';
  return mayPass ? { ...escalation, market: 'on-demand' } : undefined;
}

/**
 * Returns the escalation of a job that had no end when the container that it shared failed. Nobody knows which of the jobs was
 * why, so that each gets a container of its own; where only the machine was lacking, another machine is what helps.
 */
export function escalationFromShared(
  code: FailureCode,
  route: Route,
  escalation: Escalation,
  disks: Disks = STACK_DISKS,
): Escalation | undefined {
  const mayPass = FAILURES[code].retry === 'again';
  return mayPass ? escalationFor(code, route, escalation, disks) : { ...escalation, alone: true };
}

/** The containers of a workflow differ in their disks: where the plan has the largest already, the others can get a larger one. */
const canGetLarger = ({ way, compute, disk }: Omit<Route, 'size'>, { disk: grown = 0 }: Escalation, disks: Disks) =>
  grown === 0 && (way === 'workflow' ? disks[compute].length > 1 : disk.at < disks[compute].length - 1);

/** Returns what people are told of a disk that was full for the last time: how large it was, and why there is no larger one. */
export function lastDiskFull(told: string, { way, disk }: Pick<Route, 'way' | 'disk'>, escalation: Escalation): string {
  const had =
    way === 'single' ? `its disk had ${disk.gib} GiB` : 'its containers had disks one size larger than foreseen';
  const grown = escalation.disk ? 'it was tried again once with a larger one' : 'this stack has no larger one';
  return told.endsWith(grown) ? told : `${told}; ${had}, and ${grown}`;
}

/** Returns whose fault a failure with this code is: the input, a machine that was taken away, too few resources, or the program. */
export const causeOf = (code: string): FailureCause => failureNamed(code).cause;
