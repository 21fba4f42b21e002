import { link, lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { type Entry, type OriginalsPlace, originalName } from './originals-folder.ts';
import { placeInside } from './path-inside.ts';
import { type LaterReplacement, replacedSince } from './replaced-since.ts';

type Undone = {
  /** The entries that are left. */
  readonly left: readonly Entry[];
  /** How many films that were in the place since are not put back, because they are no longer there. */
  readonly gone: number;
};

/**
 * Puts an original back, and removes the film that was in its place. Throws `cannot-write` if the film was edited since, or
 * anything else is in the original's place: nothing of the user's is ever replaced.
 */
export async function undoReplacement(
  entry: Entry,
  entries: readonly Entry[],
  options: OriginalsPlace,
): Promise<Undone> {
  const { root, hash } = options;
  const source = await placeInside(root, entry.source);
  const original = join(entry.folder, originalName(entry));
  try {
    const aside = await lstat(original).catch(() => undefined);
    if (!aside && (await hasBytes(source, entry.was, hash)))
      return { left: await without(entry, [], entries), gone: 0 }; // an undo that was interrupted
    if (!aside)
      throw new ServiceError(
        'no-input',
        `the original of ${entry.source} is gone from ${entry.folder}, so that nothing can be brought back`,
      );
    if ((await hash(original)) !== entry.was.sha256)
      throw new ServiceError(
        'cannot-write',
        `the original of ${entry.source} was changed in ${entry.folder}, where it was put aside; look at it there, and move it by hand`,
      );
    const { now, later } = (await isSource(entry, options)) ?? (await filmNow(entry, entries, options));
    const again = later.find((each) => each.entry?.hasOriginal)?.entry;
    if (again)
      throw new ServiceError(
        'cannot-write',
        `${again.source} was replaced again by the job ${again.job.slice(0, 12)}; undo that first`,
      );
    const film = await placeInside(root, now?.film ?? entry.film);
    const isThere = await lstat(film).catch(() => undefined);
    if (isThere && !now)
      throw new ServiceError(
        'cannot-write',
        `${entry.film} was edited since it was put there, and is not replaced; move it away first`,
      );
    if (film === source) await rename(original, source);
    else {
      const other = await lstat(source).catch(() => undefined);
      if (other && (other.ino !== aside.ino || other.dev !== aside.dev))
        throw new ServiceError(
          'cannot-write',
          `another file is called ${entry.source} now, and is not replaced; move it away first`,
        );
      if (!other) await link(original, source).catch(() => rename(original, source));
      await rm(film, { force: true });
    }
    for (const { manifest } of [entry, ...later]) // from here on nothing counts as done
      await rm(await placeInside(root, manifest), { force: true });
    const gone = later.reduce((sum, { skips = 0 }) => sum + 1 + skips, 0);
    return { left: await without(entry, later, entries), gone };
  } catch (error) {
    throw writeFailure(error, source);
  }
}

/** Lets an original go for good. Throws `cannot-write` if its film is not there as it was published. Returns what is left. */
export async function removeOriginal(
  entry: Entry,
  entries: readonly Entry[],
  options: OriginalsPlace,
): Promise<readonly Entry[]> {
  const { now, later } = await filmNow(entry, entries, options);
  if (!now)
    throw new ServiceError(
      'cannot-write',
      `${entry.film} is gone or was edited, so that the original of it stays in ${entry.folder}`,
    );
  const isNeeded = entries.some(({ film, is }) => film === entry.source && is.sha256 === entry.was.sha256);
  if (!isNeeded) return without(entry, later, entries);
  await rm(join(entry.folder, originalName(entry)), { force: true }); // an earlier original needs the record to be undone
  return entries.map((each) => (each === entry ? { ...each, hasOriginal: false } : each));
}

/** Removes an entry, and the records of later ones that were kept for it alone. Returns the entries that are left. */
async function without(
  entry: Entry,
  later: readonly LaterReplacement[],
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const records = later.flatMap((each) => (each.entry && !each.entry.hasOriginal ? [each.entry] : []));
  const gone = new Set([entry, ...records].map(({ folder }) => folder));
  for (const folder of gone) await rm(folder, { recursive: true, force: true });
  return entries.filter(({ folder }) => !gone.has(folder));
}

type FilmNow = {
  /** The replacement whose film is there as it was published; absent if it is gone or was edited. */
  readonly now: LaterReplacement | undefined;
  readonly later: readonly LaterReplacement[];
};

async function filmNow(entry: Entry, entries: readonly Entry[], { root, hash }: OriginalsPlace): Promise<FilmNow> {
  if (await hasBytes(await placeInside(root, entry.film), entry.is, hash)) return { now: entry, later: [] };
  const later = await replacedSince(entry, entries, root);
  for (const each of [...later].reverse())
    if (await hasBytes(await placeInside(root, each.film), each.is, hash)) return { now: each, later };
  return { now: undefined, later };
}

/** An undo that was interrupted may have put a copy of the original back already. */
const isSource = async (entry: Entry, { root, hash }: OriginalsPlace): Promise<FilmNow | undefined> =>
  (await hasBytes(await placeInside(root, entry.film), entry.was, hash)) ? { now: entry, later: [] } : undefined;

async function hasBytes(
  path: string,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
  hash: (path: string) => Promise<string>,
): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() === true && stats.size === bytes && (await hash(path)) === sha256;
}
