import * as z from 'zod/mini';
import { FILE_FIELDS } from '../file-record.ts';

/** Subtitles in a WebVTT file of their own, beside renditions that are streamed. */
export const textRecordSchema = z.object({
  name: z.string(),
  ...FILE_FIELDS,
  /** The number of the source's stream. */
  stream: z.int(),
  language: z.optional(z.string()),
  default: z.boolean(),
  forced: z.boolean(),
  hearingImpaired: z.boolean(),
  commentary: z.boolean(),
});

export type TextRecord = z.infer<typeof textRecordSchema>;
