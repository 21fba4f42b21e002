import * as z from 'zod/mini';
import type { BurstEnding } from '../app/dispatch/settle-burst.ts';
import type { Ending } from '../app/dispatch/settle-job.ts';
import type { TaskEnd } from '../core/dispatch/task-failure.ts';
import { FAILURES } from '../core/errors.ts';
import { jobInvokedAt } from '../core/job/invocation.ts';
import { jobId } from '../core/job/job.ts';
import { jsonOf } from '../core/json.ts';

// The fields of AWS's events that we read. Recorded events are in test/fixtures/events/.

export const sqsEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

const s3Test = z.object({ Event: z.literal('s3:TestEvent') });
/** `to` and `settings` are those of a backfill, which our own command or API has written. */
const s3Record = z.object({
  eventName: z.string(),
  s3: z.object({ object: z.object({ key: z.string() }) }),
  to: z.optional(z.string()),
  settings: z.optional(z.record(z.string(), z.string())),
});
const s3Message = z.union([s3Test, z.object({ Records: z.array(s3Record) })]);

/** The key of a dropped object, or, if it is not percent-encoded UTF-8, the text as S3 sent it (`undecodable`). */
type DroppedKey =
  | { readonly key: string; readonly to?: string; readonly settings?: Readonly<Record<string, string>> }
  | { readonly undecodable: string };

/**
 * Returns the keys that were written, or made readable again from an archive class, from a message of S3. S3 encodes a space
 * as + and percent-encodes the rest.
 */
export function droppedKeys(body: string): readonly DroppedKey[] {
  const message = s3Message.parse(JSON.parse(body));
  if ('Event' in message) return [];
  const there = message.Records.filter(
    ({ eventName }) => eventName.startsWith('ObjectCreated:') || eventName === 'ObjectRestore:Completed',
  );
  return there.map(({ s3, to, settings }) => ({
    ...decoded(s3.object.key),
    ...(to !== undefined && { to }),
    ...(settings && { settings }),
  }));
}

function decoded(key: string): DroppedKey {
  try {
    return { key: decodeURIComponent(key.replaceAll('+', ' ')) };
  } catch {
    return { undecodable: key };
  }
}

const container = z.object({
  exitCode: z.optional(z.number()),
  reason: z.optional(z.string()),
  environment: z.array(z.object({ name: z.string(), value: z.string() })),
});

const batchChange = z.object({
  'detail-type': z.literal('Batch Job State Change'),
  detail: z.object({
    jobId: z.string(),
    status: z.string(),
    statusReason: z.optional(z.string()),
    container,
    /** A container of an array has an index, the array itself a size. */
    arrayProperties: z.optional(z.object({ index: z.optional(z.number()), size: z.optional(z.number()) })),
  }),
});

const workflowInput = z.object({ jobId });

const workflowChange = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string(),
    status: z.string(),
    input: z.string(),
    error: z.optional(z.nullable(z.string())),
    cause: z.optional(z.nullable(z.string())),
  }),
});

/** An event with notices that SNS delivers, each with the message's id. */
export const snsEvent = z.object({
  Records: z.array(z.object({ Sns: z.object({ MessageId: z.string(), Message: z.string() }) })),
});

const notification = z.object({ MessageId: z.string(), Message: z.string() });

/** Reads a notice and the id of its message from the body of a message that SNS has put into a queue. Throws if it is none. */
export function queuedNotice(body: string) {
  const { MessageId, Message } = notification.parse(JSON.parse(body));
  return { id: MessageId, notice: noticeFrom(Message) };
}

/** What an asynchronous endpoint of SageMaker publishes when an invocation has ended. */
const invocationEnd = z.object({
  invocationStatus: z.enum(['Completed', 'Failed']),
  failureReason: z.optional(z.nullable(z.string())),
  requestParameters: z.object({ inputLocation: z.string() }),
});

const jobChange = z.union([batchChange, workflowChange]);

/**
 * A job has ended (`ending`), a container that several jobs share (`burst`), or a container of a workflow, which the workflow handles
 * (`part`), or none of them.
 */
export type JobChange =
  | { readonly kind: 'ending'; readonly ending: Ending }
  | { readonly kind: 'burst'; readonly ending: BurstEnding }
  | { readonly kind: 'part'; readonly ending: Ending }
  | { readonly kind: 'progress' };

/** Returns what an event of Batch or Step Functions, or the messages of the endpoint, mean for our jobs. */
export function jobsChanged(event: unknown): readonly JobChange[] {
  const { success, data } = snsEvent.safeParse(event);
  return success ? data.Records.map(({ Sns }) => invocationEnded(JSON.parse(Sns.Message))) : [jobChanged(event)];
}

/**
 * A container that knew why it failed has written that into the job. Other failures of an endpoint (no instance in six
 * hours, an invocation of over an hour, a lost container) are treated like exit code 75: another machine may succeed.
 */
function invocationEnded(message: unknown): JobChange {
  const { invocationStatus, failureReason, requestParameters } = invocationEnd.parse(message);
  const { inputLocation: reference } = requestParameters;
  const job = jobInvokedAt(reference);
  if (job === undefined) throw new Error(`the endpoint was asked for no job of ours: ${reference}`);
  const succeeded = invocationStatus === 'Completed';
  const statusReason = failureReason?.slice(0, 500) || 'the endpoint failed without a reason';
  const end = { statusReason, containerReason: undefined, exitCode: succeeded ? 0 : FAILURES.busy.exit };
  return { kind: 'ending', ending: { job, reference, succeeded, end } };
}

function jobChanged(event: unknown): JobChange {
  const change = jobChange.parse(event);
  return change['detail-type'] === 'Batch Job State Change' ? batchChanged(change) : workflowChanged(change);
}

function batchChanged({ detail }: z.infer<typeof batchChange>): JobChange {
  if (detail.status !== 'SUCCEEDED' && detail.status !== 'FAILED') return { kind: 'progress' };
  const value = (wanted: string) => detail.container.environment.find(({ name }) => name === wanted)?.value;
  const { statusReason } = detail;
  const { exitCode, reason: containerReason } = detail.container;
  const end = { statusReason, containerReason, exitCode };
  const ended = { reference: detail.jobId, succeeded: detail.status === 'SUCCEEDED', end };
  const { size, index = 0 } = detail.arrayProperties ?? {};
  const burst = value('REELMILL_BURST');
  if (burst !== undefined)
    return size === undefined ? { kind: 'burst', ending: { ...ended, burst, index } } : { kind: 'progress' };
  const ending = { ...ended, job: jobId.parse(value('JOB_ID')) };
  return { kind: value('REELMILL_STEP') === 'all' ? 'ending' : 'part', ending };
}

function workflowChanged({ detail }: z.infer<typeof workflowChange>): JobChange {
  if (detail.status === 'RUNNING') return { kind: 'progress' };
  const { jobId: job } = workflowInput.parse(JSON.parse(detail.input));
  const succeeded = detail.status === 'SUCCEEDED';
  const end = workflowEnd(detail.status, detail.error ?? undefined, detail.cause ?? undefined);
  return { kind: 'ending', ending: { job, reference: detail.executionArn, succeeded, end } };
}

/** The failed Batch job in an error of Step Functions, which is JSON in a text and has names in upper case. */
const failedTask = z.object({
  StatusReason: z.optional(z.string()),
  Container: z.optional(z.object({ ExitCode: z.optional(z.number()), Reason: z.optional(z.string()) })),
});

function workflowEnd(status: string, error: string | undefined, cause: string | undefined): TaskEnd {
  const task = failedTask.safeParse(cause === undefined ? undefined : jsonOf(cause)).data;
  const text = [error, cause].filter(Boolean).join(': ').slice(0, 500);
  return {
    statusReason: task?.StatusReason ?? (text || `the workflow ended as ${status}`),
    containerReason: task?.Container?.Reason,
    exitCode: task?.Container?.ExitCode,
  };
}

const scheduled = z.object({ 'detail-type': z.literal('Scheduled Event') });

/** Whether an event is that of a schedule. */
export const isScheduled = (event: unknown): boolean => scheduled.safeParse(event).success;

const notice = z.object({
  kind: z.enum(['done', 'unchanged', 'failed', 'refused', 'restoring', 'report']),
  job: z.string(),
  recipe: z.string(),
  source: z.string(),
  summary: z.string(),
  details: z.record(z.string(), z.unknown()),
});

/** Reads a notice from a message of SNS. Throws if it is not one. */
export const noticeFrom = (message: string) => notice.parse(JSON.parse(message));
