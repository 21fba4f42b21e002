import * as z from 'zod/mini';
import { stampOf } from './find-tools.ts';
import { libraryStamp, stampAgain } from './library-file.ts';
import { storedIn, storeIn } from './stored-answers.ts';

/** The file in which versions of libraries are stored, and the version of this program. */
export type LibraryCache = { readonly file: string; readonly madeBy: string };

const answer = z.object({
  /** The stamp of the program that was asked. */
  program: z.string(),
  library: z.string(),
  /** The stamp of the library's own file. */
  stamp: z.string(),
  version: z.string(),
});
const schema = z.object({ version: z.literal(1), madeBy: z.string(), answers: z.array(answer) });

/** Old answers are dropped where there are more. A machine has two or three ffmpegs, and each two libraries. */
const MOST_ANSWERS = 32;

/**
 * Returns the version that was stored for a library of a program, if both files are the same as then; else asks, and stores
 * the answer where it can be known when the library changes.
 */
export async function storedVersion(
  cache: LibraryCache,
  { path, library, signal }: { readonly path: string; readonly library: string; readonly signal: AbortSignal },
  ask: () => Promise<string>,
): Promise<string> {
  const program = await stampOf(path);
  if (program === undefined) return ask();
  const isAsked = (each: z.infer<typeof answer>) => each.program === program && each.library === library;
  const known = (await answersIn(cache)).find(isAsked);
  if (known && (await stampAgain(known.stamp)) === known.stamp) return known.version;
  const before = await libraryStamp(path, library, signal);
  const version = await ask();
  const isSteady = before !== undefined && (await stampAgain(before)) === before; // not replaced while it was asked
  if (!isSteady) return version;
  const others = (await answersIn(cache)).filter((each) => !isAsked(each));
  const answers = [...others, { program, library, stamp: before, version }].slice(-MOST_ANSWERS);
  await storeIn(cache.file, { version: 1, madeBy: cache.madeBy, answers });
  return version;
}

async function answersIn({ file, madeBy }: LibraryCache) {
  const stored = await storedIn(file, schema);
  return stored?.madeBy === madeBy ? stored.answers : [];
}
