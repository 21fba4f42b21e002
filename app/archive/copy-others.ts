import { ServiceError } from '../../core/errors.ts';
import { subtitlesOf } from '../../core/job/companions.ts';
import type { LibraryFile } from '../../core/ports/library.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import type { NameHolder, ResultNames } from '../../core/ports/result-names.ts';

/** What has the names of copied files, instead of a job, before the version of what was copied. */
const COPY = 'copy';
/** File systems round times of change to two seconds at most. */
const COARSEST_TIME_MS = 2000;

type Version = Pick<ObjectInfo, 'bytes' | 'modifiedMs'>;

export type CopyPorts = {
  readonly names: Pick<ResultNames, 'holderOf' | 'take' | 'give' | 'giveUp'>;
  readonly outputs: Pick<ObjectStore, 'head' | 'put' | 'locate'>;
  /** Copies a file to a new place on this machine, and returns that place. */
  stage(file: LibraryFile): Promise<string>;
};

/** Returns the files that no film takes along. A film takes the subtitles that are named after it, if its recipes do. */
export function restOf(
  others: readonly LibraryFile[],
  films: readonly { readonly path: string }[],
  takesSubtitles: boolean,
): readonly LibraryFile[] {
  if (!takesSubtitles) return others;
  const stems = new Map<string, string[]>();
  for (const { path } of films)
    for (const stem of [path, path.replace(/\.[^./]*$/, '')]) stems.set(stem, [...(stems.get(stem) ?? []), path]);
  return others.filter(({ path }) => {
    for (let end = path.lastIndexOf('.'); end > path.lastIndexOf('/'); end = path.lastIndexOf('.', end - 1))
      for (const film of stems.get(path.slice(0, end)) ?? []) if (subtitlesOf(film, [path]).length > 0) return false;
    return true;
  });
}

/**
 * Copies a file that is no film to its place among the results, with its time of change. Returns false if it is there
 * already. Throws `cannot-write` if the place is taken by a file that is not a copy of this one, or that was edited since.
 */
export async function copyOther(file: LibraryFile, ports: CopyPorts, signal: AbortSignal): Promise<boolean> {
  const { names, outputs, stage } = ports;
  const { path: key, bytes, modifiedMs } = file;
  const location = `${file.folder}/${file.key}`;
  const there = await outputs.head(key);
  if (there?.bytes === bytes && Math.abs(there.modifiedMs - modifiedMs) < COARSEST_TIME_MS) {
    await recordCopy(key, location, there, names);
    return false;
  }
  const holder = await names.take(key, { job: COPY, location });
  const isStrange = there !== undefined && holder.isNew;
  if (isStrange) await names.giveUp(key, COPY); // it is as strange to the next run
  if (!isCopy(holder) || holder.location !== location || isStrange)
    throw new ServiceError('cannot-write', `${outputs.locate(key)} is another file and is not replaced by ${location}`);
  if (there && holder.job !== copyOf(there))
    throw new ServiceError(
      'cannot-write',
      `${outputs.locate(key)} was edited after it was copied, and is not replaced`,
    );
  await outputs.put(key, await stage(file), { contentType: 'application/octet-stream', signal, modifiedMs });
  const copied = await outputs.head(key);
  if (copied) await names.give(key, { job: copyOf(copied), location });
  return true;
}

/** Writes down which version a copy has, if the run that made it was stopped before it could. */
async function recordCopy(key: string, location: string, there: Version, names: CopyPorts['names']): Promise<void> {
  const holder = await names.holderOf(key);
  if (holder && isCopy(holder) && holder.location === location && holder.job !== copyOf(there))
    await names.give(key, { job: copyOf(there), location });
}

const isCopy = ({ job }: NameHolder) => job === COPY || job.startsWith(`${COPY} `);

/** The version is read back from the place of the copy: times there may be coarser than in the source's folder. */
const copyOf = ({ bytes, modifiedMs }: Version) => `${COPY} ${bytes} ${modifiedMs}`;
