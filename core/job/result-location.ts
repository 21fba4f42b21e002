import * as z from 'zod/mini';
import { jsonOf } from '../json.ts';
import { contentHash } from '../small-file.ts';
import { filmNamesSchema } from './result-place.ts';

/** What determines a result: the source's bytes, and the recipe with its settings. */
export type Content = { readonly sha256: string; readonly recipeKey: string };

const resultLocationSchema = z.object({
  outputPrefix: z.string(),
  films: z.optional(filmNamesSchema),
  /** The location of the source, as people know it. */
  location: z.string(),
  /** The folder of results; empty in a bucket. */
  store: z.string(),
});

/** Where the results for some content are. */
export type ResultLocation = Readonly<z.infer<typeof resultLocationSchema>>;

/** The folder of notes that say where results for this content are. */
export function madeFolder({ sha256, recipeKey }: Content): string {
  const hash = contentHash(JSON.stringify([sha256, recipeKey]));
  return `${hash.slice(0, 2)}/${hash}/`;
}

/** Reads such a note; undefined if the bytes are not one. */
export const parseResultLocation = (bytes: Uint8Array): ResultLocation | undefined =>
  resultLocationSchema.safeParse(jsonOf(bytes)).data;
