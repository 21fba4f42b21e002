import * as z from 'zod/mini';
import { failureNamed } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { jobId } from './job.ts';

/** A file below `failed/`, which says why a drop failed. Readers ignore fields that they do not know. */
export const failureRecordSchema = z.object({
  /** Absent if no job could be made of the drop. */
  job: z.optional(jobId),
  /** The recipe in the drop's key. Absent from refusals that an earlier version recorded. */
  recipe: z.optional(z.string()),
  source: z.string(),
  /** A failure code of this version (core/errors.ts) or of another one. */
  code: z.string(),
  reason: z.string(),
  /** The command's exit code for this failure. */
  exitCode: z.optional(z.int()),
  advice: z.optional(z.string()),
  details: z.optional(z.record(z.string(), z.unknown())),
  /** When it failed, as ISO 8601. */
  at: z.string(),
});
export type FailureRecord = Readonly<z.infer<typeof failureRecordSchema>>;

/** A failure as people are told of it: a failure code of this or another version, and one sentence. */
export type Failure = { readonly code: string; readonly reason: string };

/** Returns the record of a failure, with the exit code and the advice that belong to its code. */
export function failureRecord(
  about: Pick<FailureRecord, 'job' | 'recipe' | 'source' | 'details'>,
  { code, reason }: Failure,
  atMs: number,
): FailureRecord {
  const { exit: exitCode, advice } = failureNamed(code);
  return { ...about, code, reason, exitCode, advice, at: new Date(atMs).toISOString() };
}

/** Reads a failure record; undefined if the bytes are not one. */
export const failureRecordFrom = (bytes: Uint8Array): FailureRecord | undefined =>
  failureRecordSchema.safeParse(jsonOf(bytes)).data;
