import * as z from 'zod/mini';
import { jobId } from '../job/job.ts';
import { manifestSchema } from '../job/manifest.ts';
import { settingsSchema } from './people-schemas.ts';

export const JOB_STATES = [
  'queued',
  'restoring',
  'planned',
  'running',
  'joining',
  'verifying',
  'done',
  'unchanged',
  'failed',
] as const;
const state = z.enum(JOB_STATES);

export const jobParams = z.object({ job: jobId });

const wholeNumber = (low: number, high: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,15}$/, 'a whole number')),
    z.pipe(
      z.transform((text: string) => Number(text)),
      z.int().check(z.gte(low), z.lte(high)),
    ),
  );

export const jobsQuery = z.object({
  /** One state, several with commas, `open` for all that are not final, or `ended` for those that are. */
  state: z.optional(
    z.string().check(z.regex(/^[a-z]+(,[a-z]+)*$/, 'states in small letters, with commas between them')),
  ),
  recipe: z.optional(
    z.string().check(z.regex(/^[a-z0-9-]{1,40}$/, 'the name of a recipe, of small letters, digits and hyphens')),
  ),
  /** Part of the source's path; upper and lower case of A-Z are the same. */
  text: z.optional(z.string().check(z.maxLength(200))),
  sort: z.optional(z.enum(['newest', 'oldest', 'changed', 'largest'])),
  limit: z.optional(wholeNumber(1, 200)),
  /** The `next` of the page before. */
  cursor: z.optional(z.string().check(z.maxLength(500))),
  /** Only jobs that have changed since (ms since 1970). */
  changedSince: z.optional(wholeNumber(0, 1e15)),
});

/** A drop of which no job could be made, and why. */
const refusedDrop = z.object({
  recipe: z.string(),
  /** The drop's path below `input/<recipe>/`. */
  name: z.string(),
  code: z.string(),
  reason: z.string(),
  advice: z.optional(z.string()),
  /** When it was refused (ms since 1970). */
  atMs: z.number(),
});

/** How far one rendition is. `total` is 0 before it is known how many segments it has. */
const renditionProgress = z.object({
  name: z.string(),
  segments: z.object({ done: z.int(), total: z.int(), reused: z.int() }),
  isDone: z.boolean(),
  bytes: z.optional(z.number()),
});

const progress = z.object({
  phase: z.enum(['hash', 'index', 'encode', 'join', 'verify', 'quality']),
  rendition: z.optional(z.string()),
  done: z.number(),
  total: z.number(),
  unit: z.enum(['bytes', 'frames']),
  fps: z.optional(z.number()),
  speed: z.optional(z.number()),
  etaSeconds: z.optional(z.number()),
  renditions: z.array(renditionProgress),
});

const summary = {
  job: jobId,
  recipe: z.string(),
  /** The source's path below `input/<recipe>/`. */
  name: z.string(),
  state,
  createdMs: z.number(),
  updatedMs: z.number(),
  /** Known from when the job is done. */
  figures: z.optional(
    z.object({
      bytesBefore: z.number(),
      bytesAfter: z.number(),
      usd: z.number(),
      /** True where the results are rungs that are streamed beside the source, so that nothing is saved. */
      isSet: z.optional(z.boolean()),
    }),
  ),
  segments: z.optional(z.object({ done: z.int(), total: z.int() })),
  /** What the machine that works on it has told; on AWS only `segments` is known. */
  progress: z.optional(progress),
  failure: z.optional(z.object({ code: z.string(), reason: z.string(), advice: z.string() })),
};

export const jobSummary = z.object(summary);

export const jobsSchema = z.object({
  jobs: z.array(jobSummary),
  /** The totals count all jobs that the question fits, not only those of this page. */
  totals: z.object({
    jobs: z.int(),
    /** How many films these jobs are of: a mix makes several jobs of one. */
    films: z.int(),
    byState: z.record(z.string(), z.int()),
    /** The bytes of each film once. */
    bytesBefore: z.number(),
    bytesAfter: z.number(),
    usd: z.number(),
    /** Whether only the newest jobs were counted, because there are too many (on AWS). */
    isPartial: z.boolean(),
    /** If so, how many of the newest jobs were looked at. */
    amongNewest: z.optional(z.int()),
  }),
  /** Only so many of the newest jobs were sorted, and older ones are on no page (on AWS, by `changed` and `largest`). */
  amongNewest: z.optional(z.int()),
  /**
   * Drops of which no job could be made, the newest first: with the first page of jobs, and only where failed ones are asked for. On AWS people are told of
   * them by notices alone.
   */
  refused: z.optional(z.array(refusedDrop)),
  /** The cursor of the next page; absent on the last. */
  next: z.optional(z.string()),
  /** The time of this answer, for `changedSince`. */
  nowMs: z.number(),
});

export const jobShown = z.object({
  ...summary,
  settings: settingsSchema,
  source: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  manifest: z.optional(manifestSchema),
});

export const fileQuery = z.object({
  /** The path of a file of this job, as its manifest or `files` has it. */
  path: z.string().check(z.minLength(1), z.maxLength(1024)),
  /** `url` answers with the address as JSON; otherwise the answer redirects to it. */
  as: z.optional(z.literal('url')),
  /** `attachment` asks the browser to save the file. */
  disposition: z.optional(z.enum(['inline', 'attachment'])),
});
export const fileUrl = z.object({ url: z.string(), expiresMs: z.number() });

export const viewSchema = z.object({ job: jobId, rendition: z.string(), kind: z.enum(['view', 'download']) });
export const priorityAnswer = z.object({ priority: z.number() });

export const eventsQuery = z.object({
  /** The id of the last event that was seen, where the header Last-Event-ID cannot be set. */
  since: z.optional(wholeNumber(0, 1e15)),
});
