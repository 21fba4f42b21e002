import * as z from 'zod/mini';
import { failureNamed } from '../errors.ts';
import { jobId } from './job.ts';

/** What lies below `failed/`: why a drop became nothing. Readers ignore fields that they do not know. */
export const failureRecordSchema = z.object({
  /** Absent where no job could be made of the drop. */
  job: z.optional(jobId),
  /** What the drop's prefix asked for: absent from records of refusals that an earlier version wrote. */
  recipe: z.optional(z.string()),
  source: z.string(),
  /** One of ours, or one that another version wrote. */
  code: z.string(),
  reason: z.string(),
  /** Of the command. */
  exitCode: z.optional(z.int()),
  advice: z.optional(z.string()),
  details: z.optional(z.record(z.string(), z.unknown())),
  /** When it failed, as ISO 8601. */
  at: z.string(),
});
export type FailureRecord = Readonly<z.infer<typeof failureRecordSchema>>;

/** A failure as it is told: a code of ours or of another version, and one sentence. */
export type Failure = { readonly code: string; readonly reason: string };

/** The record of a failure; what its code alone says of it is added. */
export function failureRecord(
  about: Pick<FailureRecord, 'job' | 'recipe' | 'source' | 'details'>,
  { code, reason }: Failure,
  atMs: number,
): FailureRecord {
  const { exit: exitCode, advice } = failureNamed(code);
  return { ...about, code, reason, exitCode, advice, at: new Date(atMs).toISOString() };
}

/** Undefined for what is no record. */
export function failureRecordFrom(bytes: Uint8Array): FailureRecord | undefined {
  try {
    return failureRecordSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined; // whoever cut it off or wrote something else there
  }
}
