import * as z from 'zod/mini';
import { contentHash } from '../small-file.ts';

/** What decides what comes out: the source's bytes, and the recipe with its settings. */
export type Content = { readonly sha256: string; readonly recipeKey: string };

const resultLocationSchema = z.object({
  outputPrefix: z.string(),
  /** Where people find the source. */
  location: z.string(),
  /** The folder that results go to; empty in a bucket. */
  store: z.string(),
});

/** Where something was made of some content. */
export type ResultLocation = Readonly<z.infer<typeof resultLocationSchema>>;

/** All that was made of one content is noted below this. */
export function madeFolder({ sha256, recipeKey }: Content): string {
  const hash = contentHash(JSON.stringify([sha256, recipeKey]));
  return `${hash.slice(0, 2)}/${hash}/`;
}

/** Undefined for what is no such note. */
export function parseResultLocation(bytes: Uint8Array): ResultLocation | undefined {
  try {
    return resultLocationSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}
