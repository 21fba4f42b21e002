import * as z from 'zod/mini';
import { FILE_FIELDS } from '../file-record.ts';

/** What a sound is for, where it is no plain sound of the film: a commentary, or a description of the picture for blind people. */
const soundPurpose = z.enum(['commentary', 'description']);

/** A sound in a file of its own, beside renditions that are streamed. */
export const soundRecordSchema = z.object({
  name: z.string(),
  ...FILE_FIELDS,
  /** The number of the source's stream, and the source's hash when the sound was made. */
  stream: z.int(),
  parentSha256: z.string(),
  language: z.optional(z.string()),
  channels: z.int(),
  /** Whether it is the sound that players choose unless somebody asks for another. */
  default: z.boolean(),
  purpose: z.optional(soundPurpose),
  codec: z.string(),
  /** The `codecs` parameter of RFC 6381. */
  codecString: z.string(),
  durationSeconds: z.number(),
});
