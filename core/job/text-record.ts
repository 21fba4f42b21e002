import * as z from 'zod/mini';

/** Subtitles in a WebVTT file of their own, beside renditions that are streamed. */
export const textRecordSchema = z.object({
  name: z.string(),
  /** The path relative to the manifest. */
  path: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** The number of the source's stream. */
  stream: z.int(),
  language: z.optional(z.string()),
  default: z.boolean(),
  forced: z.boolean(),
  hearingImpaired: z.boolean(),
  commentary: z.boolean(),
});

export type TextRecord = z.infer<typeof textRecordSchema>;
