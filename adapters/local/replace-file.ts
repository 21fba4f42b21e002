import { randomBytes } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import { codeOf, readFailure } from '../../core/system-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { throwIfAborted } from './abort.ts';
import { flushFolder, syncFile } from './durable-file.ts';

const TEMPORARY = '.reelmill-tmp-';
const ABANDONED_MS = 60 * 60 * 1000;

/**
 * Whether a file is the temporary one of a process that was killed: nothing has happened to it for an hour. Its time of
 * change (ctime) tells that, which nobody can set, and not its time of modification, which is the source's in a copy.
 */
export const isAbandoned = (
  { name, changedMs }: { readonly name: string; readonly changedMs: number },
  nowMs: number,
): boolean => name.startsWith(TEMPORARY) && nowMs - changedMs > ABANDONED_MS;

/** A name for a file that is not whole yet. Listings omit it. */
export const temporaryBeside = (path: string): string =>
  join(dirname(path), TEMPORARY + randomBytes(12).toString('hex'));

/** Replaces the file at `path` by what `fill` writes to a temporary path. On failure the file stays as it was. */
export async function replaceFile(path: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = temporaryBeside(path);
  try {
    await fill(temporary);
    await syncFile(temporary);
    await removeAbandoned(folder, await changedMs(temporary));
    await rename(temporary, path);
  } catch (error) {
    await changedMs(temporary).then(
      (nowMs) => removeAbandoned(folder, nowMs),
      () => undefined,
    ); // they may be what fills the disk
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(folder);
}

/** Moves a file by renaming it, or by copying and removing it if it is on another file system. It keeps its time of change. A link stays. */
export async function moveFile(from: string, to: string, signal: AbortSignal): Promise<void> {
  const source = await openSource(from);
  try {
    const isLink = (await lstat(from)).isSymbolicLink();
    throwIfAborted(signal);
    await source.sync();
    await makeFolder(dirname(to));
    if (!isLink && (await renamed(from, to))) return;
    const { atime, mtime } = await source.stat();
    await replaceFile(to, async (temporary) => {
      await copyStream(source, temporary, signal);
      await utimes(temporary, atime, mtime);
    });
    if (!isLink) await rm(from, { force: true });
  } finally {
    await source.close();
  }
}

async function openSource(path: string): Promise<FileHandle> {
  try {
    // A pipe without a writer would block us for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw readFailure(error, path);
  }
  throw new ServiceError('no-input', `${JSON.stringify(path)} is not a file, and only files are replaced`);
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) === 'EXDEV') return false;
    throw error;
  }
  await flushFolder(dirname(to));
  return true;
}

async function copyStream(source: FileHandle, to: string, signal: AbortSignal): Promise<void> {
  const input = source.createReadStream({ autoClose: false, start: 0, highWaterMark: 1 << 20 });
  const output = createWriteStream(to, { flags: 'wx', highWaterMark: 1 << 20 });
  try {
    await pipeline(input, output, { signal });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}

/**
 * Removes temporary files of killed processes. The file of a running copy changes all the time, and is not removed. What time
 * it is, the file system tells by a file just written, since the clocks of machines that share a drive differ.
 */
export async function removeAbandoned(folder: string, nowMs: number): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((each) => each.startsWith(TEMPORARY))) {
    const info = await lstat(join(folder, name)).catch(() => undefined);
    if (info && isAbandoned({ name, changedMs: info.ctimeMs }, nowMs)) await rm(join(folder, name), { force: true });
  }
}

const changedMs = async (path: string) => (await lstat(path)).ctimeMs;
