import { link, lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { type Entry, type OriginalsPlace, originalName } from './originals-folder.ts';
import { placeInside } from './path-inside.ts';

/**
 * Puts an original back, and removes the film that was in its place. Throws `cannot-write` if the film was edited since, or
 * anything else is in the original's place: nothing of the user's is ever replaced.
 */
export async function undoReplacement(entry: Entry, options: OriginalsPlace): Promise<void> {
  const { root, hash } = options;
  const source = await placeInside(root, entry.source);
  const film = await placeInside(root, entry.film);
  const original = join(entry.folder, originalName(entry));
  try {
    const aside = await lstat(original).catch(() => undefined);
    if (!aside) throw new ServiceError('no-input', `the original of ${entry.source} is gone`);
    if ((await hash(original)) !== entry.was.sha256)
      throw new ServiceError('cannot-write', `the original of ${entry.source} was changed where it was put aside`);
    const isThere = await lstat(film).catch(() => undefined);
    if (isThere && !(await isAsPublished(film, entry, hash)))
      throw new ServiceError('cannot-write', `${entry.film} was edited since it was put there, and is not replaced`);
    if (film === source) await rename(original, source);
    else {
      const other = await lstat(source).catch(() => undefined);
      if (other && (other.ino !== aside.ino || other.dev !== aside.dev))
        throw new ServiceError('cannot-write', `another file is called ${entry.source} now, and is not replaced`);
      if (!other) await link(original, source).catch(() => rename(original, source));
      await rm(film, { force: true });
    }
    await rm(await placeInside(root, entry.manifest), { force: true }); // from here on nothing counts as done
    await rm(entry.folder, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(error, source);
  }
}

/** Whether the film is there as it was published; an undo that was interrupted may have put the original there already. */
export async function isAsPublished(
  film: string,
  { is, was }: Pick<Entry, 'is' | 'was'>,
  hash: (path: string) => Promise<string>,
): Promise<boolean> {
  const stats = await lstat(film).catch(() => undefined);
  if (!stats?.isFile() || (stats.size !== is.bytes && stats.size !== was.bytes)) return false;
  const sha256 = await hash(film);
  return sha256 === is.sha256 || sha256 === was.sha256;
}
