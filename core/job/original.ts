import * as z from 'zod/mini';
import { jsonOf } from '../json.ts';

/** The record of a source that was put aside: enough to put every byte back. */
const originalSchema = z.object({
  version: z.literal(1),
  job: z.string(),
  atMs: z.number(),
  source: z.string(),
  film: z.string(),
  was: z.object({ bytes: z.number(), modifiedMs: z.number(), sha256: z.string() }),
  is: z.object({ bytes: z.number(), sha256: z.string() }),
  /** The key of the manifest of the film. */
  manifest: z.string(),
});
export type Original = Readonly<z.infer<typeof originalSchema>>;

/** Reads such a record; undefined if the text is not one. */
export const parseOriginal = (text: string): Original | undefined => originalSchema.safeParse(jsonOf(text)).data;
