import * as z from 'zod/mini';
import type { PartPlan } from './plan-parts.ts';

/** What is remembered of an upload from its beginning until some time after its end. */
export const uploadRecord = z.object({
  upload: z.string(),
  /** The id of the person who began it. */
  owner: z.string(),
  key: z.string(),
  recipe: z.string(),
  path: z.string(),
  bytes: z.int(),
  partBytes: z.int(),
  parts: z.int(),
  modifiedMs: z.optional(z.int()),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** What the store of parts calls it. */
  reference: z.string(),
  /** When a part was last asked for. */
  touchedMs: z.number(),
  isComplete: z.boolean(),
});
export type UploadRecord = Readonly<z.infer<typeof uploadRecord>>;

/** Returns how a file that is uploaded is divided into parts. */
export const planOf = ({ bytes, partBytes, parts }: UploadRecord): PartPlan => ({ bytes, partBytes, parts });

/** An upload that nobody has gone on with for so many days is forgotten. S3 keeps the parts of one longer (resources/media-lifecycle.cjs). */
export const UPLOAD_DAYS = 7;

/** Returns when an upload is forgotten unless somebody goes on with it, in milliseconds since 1970. */
export const expiryOf = ({ touchedMs }: Pick<UploadRecord, 'touchedMs'>): number =>
  touchedMs + UPLOAD_DAYS * 86_400_000;
