import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { chmod, chown, copyFile, link, lstat, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { type Original, parseOriginal } from '../../core/job/original.ts';
import { HIDDEN_FOLDER, LONGEST_NAME_BYTES } from '../../core/job/result-place.ts';
import type { Replacement } from '../../core/ports/in-place.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { MISSING } from '../shared/file-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { flushFolder, syncFile, writeDurably } from './durable-file.ts';
import { isAlive, ownerId } from './owner.ts';
import { placeInside } from './path-inside.ts';
import { moveFile } from './replace-file.ts';

/** A source that was put aside, or is being put aside, in a folder of its own. */
export type Entry = Original & {
  readonly folder: string;
  readonly isDone: boolean;
  /** Whether the source is still in it. */
  readonly hasOriginal: boolean;
};

export type OriginalsPlace = {
  readonly root: string;
  readonly signal: AbortSignal;
  hash(path: string): Promise<string>;
  /** Makes a hard link; another function stands in for disks that have none. */
  readonly link?: (from: string, to: string) => Promise<void>;
};

const [RECORD, MANIFEST, FILM, DONE, OWNER] = ['entry.json', 'manifest.json', 'new', 'done', 'owner'];
const ABANDONED_MS = 60 * 60 * 1000;

/** The folder of everything that was put aside, on the same disk as the films. */
export const originalsOf = (root: string): string => join(root, HIDDEN_FOLDER, 'originals');

/**
 * Puts a source aside and a film in its place. The journal is the entry's folder: before it has its record, nothing has
 * happened; until it is marked as done, `settle` finishes it or takes it back; afterwards the source is in it.
 */
export async function replaceInPlace(replacement: Replacement, options: OriginalsPlace): Promise<void> {
  const { root, signal } = options;
  const source = await placeInside(root, replacement.source);
  const film = await placeInside(root, replacement.film);
  const folder = join(originalsOf(root), `${replacement.job.slice(0, 8)}-${randomBytes(6).toString('hex')}`);
  try {
    const before = await lstat(source);
    refuseChanged(before, replacement);
    await makeFolder(folder);
    await writeDurably(join(folder, OWNER), ownerId(randomBytes(4).toString('hex')));
    await stage(replacement, before, folder, signal);
    await putAside(source, join(folder, originalName(replacement)), replacement, options);
    await writeDurably(join(folder, MANIFEST), replacement.manifest.text);
    await writeDurably(join(folder, RECORD), recordOf(replacement));
    for (const each of [folder, originalsOf(root)]) await flushFolder(each);
    signal.throwIfAborted();
    const now = await lstat(source);
    refuseChanged(now, replacement);
    if (now.ino !== before.ino) throw changed(replacement);
    await swap(join(folder, FILM), { source, film }, options);
    await writeDurably(join(folder, DONE), '');
  } catch (error) {
    const entry = await entryAt(folder).catch(() => undefined);
    if (entry) await settle(entry, options).catch(() => undefined);
    else await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw writeFailure(error, source);
  }
}

/** Finishes or takes back what a killed process began. Either way the film is there afterwards, old or new. */
export async function settle(entry: Entry, options: OriginalsPlace): Promise<void> {
  if (entry.isDone) return;
  const { root, hash } = options;
  const source = await placeInside(root, entry.source);
  const film = await placeInside(root, entry.film);
  const original = join(entry.folder, originalName(entry));
  const there = await statsOf(film);
  const isNew = there?.isFile() === true && there.size === entry.is.bytes && (await hash(film)) === entry.is.sha256;
  if (!isNew && !(await statsOf(source))) await rename(original, source);
  else if (!isNew && !(await isSameFile(source, original, entry))) {
    await writeDurably(join(entry.folder, DONE), ''); // it was replaced, and the film was edited since: the original stays
    return;
  }
  if (!isNew) {
    await flushFolder(dirname(source));
    await rm(entry.folder, { recursive: true, force: true });
    return;
  }
  if (entry.source !== entry.film && (await isSameFile(source, original, entry))) await rm(source, { force: true });
  await flushFolder(dirname(source));
  const manifest = await placeInside(root, entry.manifest);
  if (!(await statsOf(manifest))) {
    await makeFolder(dirname(manifest));
    await copyFile(join(entry.folder, MANIFEST), manifest);
  }
  await writeDurably(join(entry.folder, DONE), '');
}

/**
 * Returns all entries of a folder that no process is working on, the newest first. What never got its record is removed:
 * nothing happened to its source.
 */
export async function entriesIn(root: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(originalsOf(root)).catch(() => [])) {
    const folder = join(originalsOf(root), name);
    const entry = await entryAt(folder);
    if (!entry?.isDone && (await isInWork(folder))) continue;
    if (entry) entries.push(entry);
    else if ((await statsOf(folder))?.isDirectory()) await rm(folder, { recursive: true, force: true });
  }
  return entries.sort((one, other) => other.atMs - one.atMs);
}

/**
 * The name under which an original lies in its entry's folder; never one of ours. Of a long name the end is kept, cut between
 * characters.
 */
export function originalName({ source }: Pick<Original, 'source'>): string {
  const name = `original-${basename(source)}`.slice(-200);
  if (Buffer.byteLength(name) <= LONGEST_NAME_BYTES && name.isWellFormed()) return name; // as earlier versions named it
  let kept = '';
  for (const character of [...name].reverse()) {
    if (Buffer.byteLength(character + kept) > 200 || !character.isWellFormed()) break;
    kept = character + kept;
  }
  return kept;
}

async function entryAt(folder: string): Promise<Entry | undefined> {
  const text = await readFile(join(folder, RECORD), 'utf8').catch(() => undefined);
  const original = text === undefined ? undefined : parseOriginal(text);
  if (!original) return undefined;
  const [done, aside] = [await statsOf(join(folder, DONE)), await statsOf(join(folder, originalName(original)))];
  return { ...original, folder, isDone: done !== undefined, hasOriginal: aside !== undefined };
}

async function isInWork(folder: string): Promise<boolean> {
  const owner = await readFile(join(folder, OWNER), 'utf8').catch(() => undefined);
  if (owner) return isAlive(owner);
  return Date.now() - ((await statsOf(folder))?.mtimeMs ?? 0) < ABANDONED_MS;
}

/** Moves the film beside its future place, with the mode, the owner and the times of its source. */
async function stage({ file }: Replacement, source: Stats, folder: string, signal: AbortSignal): Promise<void> {
  const film = join(folder, FILM);
  await moveFile(file, film, signal);
  await chmod(film, source.mode);
  await chown(film, source.uid, source.gid).catch(() => undefined); // only root can give files away
  await utimes(film, source.atime, source.mtime);
  await syncFile(film);
}

async function putAside(
  source: string,
  original: string,
  { was }: Replacement,
  { hash, link: hardLink = link }: OriginalsPlace,
): Promise<void> {
  try {
    await hardLink(source, original);
  } catch (error) {
    if (!UNLINKABLE.includes(codeOf(error) ?? '')) throw error;
    const { atime, mtime } = await stat(source);
    await copyFile(source, original, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await utimes(original, atime, mtime);
    await syncFile(original);
    if ((await hash(original)) !== was.sha256)
      throw new ServiceError('busy', `${source} changed while it was put aside; the next run takes it as it is now`);
  }
}

async function swap(
  staged: string,
  { source, film }: { readonly source: string; readonly film: string },
  { link: hardLink = link }: OriginalsPlace,
): Promise<void> {
  if (film === source) {
    await rename(staged, film);
    await flushFolder(dirname(film));
    return;
  }
  try {
    await hardLink(staged, film); // unlike a rename it never replaces a file
  } catch (error) {
    if (!UNLINKABLE.includes(codeOf(error) ?? '')) throw error;
    if (await statsOf(film))
      throw new ServiceError('cannot-write', `${film} is there already and is not replaced; move it away first`);
    await rename(staged, film);
  }
  await flushFolder(dirname(film));
  await rm(source);
  await flushFolder(dirname(film));
  await rm(staged, { force: true });
}

/** Errors of link(2): no hard links here, somebody else's file, or too many links. */
const UNLINKABLE = ['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EPERM', 'EMLINK'];

function refuseChanged(stats: Stats, replacement: Replacement): void {
  const { was } = replacement;
  if (!stats.isFile() || stats.size !== was.bytes || stats.mtimeMs !== was.modifiedMs) throw changed(replacement);
}

const changed = ({ source }: Replacement) =>
  new ServiceError('busy', `${source} changed while it was being encoded; the next run takes it as it is now`);

function recordOf({ job, source, film, was, is, manifest }: Replacement): string {
  const { bytes, sha256 } = is;
  const record: Original = {
    version: 1,
    job,
    atMs: Date.now(),
    source,
    film,
    was,
    is: { bytes, sha256 },
    manifest: manifest.key,
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Whether the source is the original still: the same file by another name, or where there are no links its copy. */
async function isSameFile(source: string, original: string, { was }: Original): Promise<boolean> {
  const [one, other] = [await statsOf(source), await statsOf(original)];
  if (!one || !other) return false;
  return (one.ino === other.ino && one.dev === other.dev) || (one.size === was.bytes && one.mtimeMs === was.modifiedMs);
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (MISSING.includes(codeOf(error))) return undefined;
    throw error;
  }
}
