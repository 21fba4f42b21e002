import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { needsSchema } from './needs.ts';
import { filmNamesSchema } from './result-place.ts';

export type JobId = string & z.$brand<'JobId'>;
export const jobId = z
  .string()
  .check(z.regex(/^[0-9a-f]{16,64}$/, 'the id of a job, of 16 to 64 digits 0-9 and a-f'))
  .brand<'JobId'>();

/**
 * The escalation of a job that failed: how many sizes larger its machine is, the market that the machine comes from, after a
 * disk was full, how many classes larger its disks are, and whether it has a container for itself, since one that it shared
 * with others ended without telling because of which of them.
 */
const escalationSchema = z.object({
  larger: z.int(),
  market: z.enum(['spot', 'on-demand']),
  disk: z.optional(z.int()),
  alone: z.optional(z.boolean()),
});
export type Escalation = z.infer<typeof escalationSchema>;

/** A job's state, with the facts that only this state has: a manifest when done, a reason when failed. */
const jobState = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('queued'),
    escalation: z.optional(escalationSchema),
    /** Renditions to make this time, even if their priority is below `onDemandBelow`. */
    asked: z.optional(z.array(z.string())),
  }),
  /** The source lies in an archive class of S3. The job is queued again when the source can be read. */
  z.object({
    status: z.literal('restoring'),
    tier: z.enum(['standard', 'bulk']),
    expectedMs: z.number(),
    usd: z.number(),
    escalation: z.optional(escalationSchema),
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
/** Whether a job of this state is over: nothing works on it unless it is asked for again. */
export const isFinal = (status: JobStatus): boolean => FINAL.includes(status);

/** A file that the job published, as it was when it was last hashed. Equal size and mtime make another hashing unnecessary. */
const publishedFile = z.object({ key: z.string(), bytes: z.int(), modifiedMs: z.number(), sha256: z.string() });
export type PublishedFile = z.infer<typeof publishedFile>;

/** Where and when a job was sent to be processed. */
const sentSchema = z.object({ reference: z.string(), escalation: escalationSchema, atMs: z.number() });
export type Sent = z.infer<typeof sentSchema>;

/**
 * The burst that a small job was sent in: its name, which of its `of` containers has the job, and when somebody cancelled the job,
 * for the container, which goes on with the others.
 */
const burstNoteSchema = z.object({
  name: z.string(),
  index: z.int(),
  of: z.int(),
  cancelledMs: z.optional(z.number()),
});
export type BurstNote = z.infer<typeof burstNoteSchema>;

/** Why the container of one part of a job failed. The workflow itself only says that a container failed. */
const partFailureSchema = z.object({ code: z.string(), reason: z.string() });
export type PartFailure = z.infer<typeof partFailureSchema>;

/** What the machine of a job offered, and what the job used of it. */
export const usageSchema = z.object({
  vcpu: z.number(),
  memoryBytes: z.number(),
  peakMemoryBytes: z.number(),
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  /** From sending the job to the start of the image pull. */
  queueSeconds: z.optional(z.number()),
  pullSeconds: z.optional(z.number()),
  /** From the end of the image pull to the first line of our program. */
  startSeconds: z.optional(z.number()),
});
export type Usage = z.infer<typeof usageSchema>;

/**
 * What a published job came to: the bytes of the source, those of all published files, and the estimated cost. `isSet`: they are rungs that
 * are streamed beside the source, so that nothing is saved.
 */
const figuresSchema = z.object({
  bytesBefore: z.number(),
  bytesAfter: z.number(),
  usd: z.number(),
  isSet: z.optional(z.boolean()),
});
export type JobFigures = z.infer<typeof figuresSchema>;

const storedJob = z.object({
  id: jobId,
  recipe: z.string(),
  /** The source's key in its store: on one machine, its path below the folder. */
  source: z.string(),
  /** Everything that this job publishes has a key below this one, except films that have names of their own. */
  outputPrefix: z.string(),
  films: z.optional(filmNamesSchema),
  /** Whether its film takes the place of its source, which is put aside. */
  replaces: z.optional(z.boolean()),
  /** On one machine: the root folders of the stores of sources and outputs. */
  places: z.optional(z.object({ sources: z.string(), outputs: z.string(), root: z.optional(z.string()) })),
  failureKey: z.optional(z.string()),
  /** The version of the source that was asked for last: size and time of a file, or an object's version in a bucket. */
  version: z.optional(z.string()),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  needs: z.optional(needsSchema),
  /** How much its renditions were wanted when the job was made. Of the jobs that wait, the highest goes first. */
  priority: z.optional(z.number()),
  createdMs: z.number(),
  updatedMs: z.number(),
  state: jobState,
  published: z.array(publishedFile),
  /** Absent before the job was sent, and always if the process that made the job also processes it. */
  sent: z.optional(sentSchema),
  /** Absent if the job has a container for itself. */
  burst: z.optional(burstNoteSchema),
  usage: z.optional(usageSchema),
  partFailure: z.optional(partFailureSchema),
  /** Absent before the job was published for the first time, and from jobs of earlier versions. */
  figures: z.optional(figuresSchema),
});
export type Job = z.infer<typeof storedJob>;

/** Parses a row of the job table. Rows that were written before the escalation had its name are read as well. */
export const jobSchema = z.pipe(z.transform(withEscalation), storedJob);

/** The escalation was called `amends` in the rows of earlier versions, in the state and in what was sent. */
function withEscalation(row: unknown): unknown {
  const { success, data } = earlierRow.safeParse(row);
  if (!success) return row;
  const renamed = Object.entries({ state: data.state, sent: data.sent }).flatMap(([name, part]) => {
    if (part?.amends === undefined) return [];
    const { amends, ...rest } = part;
    return [[name, { escalation: amends, ...rest }]];
  });
  return { ...data, ...Object.fromEntries(renamed) };
}

const earlierPart = z.optional(z.looseObject({ amends: z.optional(z.unknown()) }));
const earlierRow = z.looseObject({ state: earlierPart, sent: earlierPart });

/**
 * The id of a job: one source under one recipe. In a bucket `version` is the object's version or etag, so that each upload
 * is a job. On one machine it is empty, so that a changed file is the same job and two jobs never write to one folder.
 */
export function jobIdOf(parts: { store: string; recipe: string; source: string; version: string }): JobId {
  const text = JSON.stringify([parts.store, parts.recipe, parts.source, parts.version]);
  return jobId.parse(createHash('sha256').update(text).digest('hex').slice(0, 32));
}

/** What people may type to name a job: its id, or the beginning of it. */
export const jobIdPattern = /^[0-9a-f]{1,64}$/;

/** A shorter beginning of an id may be a slip of the hand, as the number of a row; it names no job. */
export const LEAST_ID_CHARACTERS = 6;

/** The name of one sending of a job. A job is queued again before each sending, so the time makes the name unique. */
export const dispatchName = (job: Job): string => `${job.id}-${job.updatedMs.toString(36)}`;
