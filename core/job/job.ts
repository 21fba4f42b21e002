import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

export type JobId = string & z.$brand<'JobId'>;
export const jobId = z
  .string()
  .check(z.regex(/^[0-9a-f]{16,64}$/))
  .brand<'JobId'>();

/** What a job was given beyond what it asks for by itself, because it failed without: memory, or machines not reclaimed. */
export const amendsSchema = z.object({ larger: z.int(), market: z.enum(['spot', 'on-demand']) });
export type Amends = z.infer<typeof amendsSchema>;

/** Where a job is. What belongs to a state stands in it: an output exists only when done, a reason only when failed. */
export const jobState = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('queued'),
    amends: z.optional(amendsSchema),
    /** Renditions to be made this time however little they are wanted otherwise. */
    asked: z.optional(z.array(z.string())),
  }),
  z.object({ status: z.literal('planned') }),
  z.object({ status: z.literal('running'), segments: z.object({ done: z.int(), total: z.int() }) }),
  z.object({ status: z.literal('joining') }),
  z.object({ status: z.literal('verifying') }),
  z.object({ status: z.literal('done'), manifest: z.string() }),
  z.object({ status: z.literal('unchanged'), manifest: z.string() }),
  z.object({ status: z.literal('failed'), code: z.string(), reason: z.string() }),
]);
export type JobState = z.infer<typeof jobState>;
export type JobStatus = JobState['status'];

const FINAL: readonly JobStatus[] = ['done', 'unchanged', 'failed'];
export const isFinal = (status: JobStatus): boolean => FINAL.includes(status);

/** A file the job published, as it was when its hash was last taken: equal size and mtime spare the next hashing. */
export const publishedFile = z.object({ key: z.string(), bytes: z.int(), modifiedMs: z.number(), sha256: z.string() });
export type PublishedFile = z.infer<typeof publishedFile>;

/** Where a job was sent to be worked on. */
export const sentSchema = z.object({ reference: z.string(), amends: amendsSchema, atMs: z.number() });
export type Sent = z.infer<typeof sentSchema>;

/** Why a container that did a part of a job ended: the workflow as a whole only tells that one did. */
export const partFailureSchema = z.object({ code: z.string(), reason: z.string() });
export type PartFailure = z.infer<typeof partFailureSchema>;

/** What the machine that did a job had to give, and what was taken of it. */
export const usageSchema = z.object({
  vcpu: z.number(),
  memoryBytes: z.number(),
  peakMemoryBytes: z.number(),
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  /** From being sent to having a machine, from there to having the image, from there to our first line. */
  queueSeconds: z.optional(z.number()),
  pullSeconds: z.optional(z.number()),
  startSeconds: z.optional(z.number()),
});
export type Usage = z.infer<typeof usageSchema>;

export const jobSchema = z.object({
  id: jobId,
  recipe: z.string(),
  /** The key of the source in its store; for one machine, the path below the folder. */
  source: z.string(),
  /** Everything this job publishes has a key below it. */
  outputPrefix: z.string(),
  /** Folders, on one machine: where the stores of source and outputs have their roots. */
  places: z.optional(z.object({ sources: z.string(), outputs: z.string(), root: z.optional(z.string()) })),
  failureKey: z.optional(z.string()),
  /** Of the source that was asked for last: its size and time, or its version in a bucket. */
  version: z.optional(z.string()),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** How much its renditions were wanted when it was made: of those that wait for a machine the higher goes first. */
  priority: z.optional(z.number()),
  createdMs: z.number(),
  updatedMs: z.number(),
  state: jobState,
  published: z.array(publishedFile),
  /** Absent until it was sent, and for ever where the job is worked on by who made it. */
  sent: z.optional(sentSchema),
  usage: z.optional(usageSchema),
  partFailure: z.optional(partFailureSchema),
});
export type Job = z.infer<typeof jobSchema>;

/**
 * The id of one source under one recipe. In a bucket `version` is the object's version or etag, so that each upload is
 * a job; on one machine it is empty, so that a changed file is the same job again and two never write one folder.
 */
export function jobIdOf(parts: { store: string; recipe: string; source: string; version: string }): JobId {
  const text = JSON.stringify([parts.store, parts.recipe, parts.source, parts.version]);
  return jobId.parse(createHash('sha256').update(text).digest('hex').slice(0, 32));
}

/** What people may type for a job: its id, or enough of its beginning. */
export const jobIdPattern = /^[0-9a-f]{1,64}$/;

/** A job is queued anew before each time it is sent, so that the moment tells one time from the next. */
export const dispatchName = (job: Job): string => `${job.id}-${job.updatedMs.toString(36)}`;
