import { constants, type Stats } from 'node:fs';
import { access, copyFile, link, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { checkPrefix } from '../../core/object-key.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import { codeOf, readFailure, unreadableName, writeFailure } from '../../core/system-failure.ts';
import { MISSING } from '../shared/file-failure.ts';
import { throwIfAborted } from './abort.ts';
import { copiedStretches, type MakeTemporary } from './copied-stretches.ts';
import { pathInside, placeInside } from './path-inside.ts';
import { moveFile, replaceFile } from './replace-file.ts';
import { walkFolder } from './walk-folder.ts';

/** JSON and reports are smaller than this. A larger file is not read into memory, whatever its name is. */
const LARGEST_READ_BYTES = 64 * 1024 * 1024;

/**
 * A folder as an object store; keys are paths below it. Files are replaced by renaming, so that nobody sees half a file. The
 * first write makes the folder. Stretches of a file are copied into a folder of `makeTemporary`, which may go with our process however that ends.
 */
export function folderStore(folder: string, makeTemporary = systemTemporary): ObjectStore {
  const root = resolve(folder);
  return {
    head: (key) => reading(key, async () => (await find(root, key))?.info),
    list: (prefix) => list(root, prefix),
    read: (key) => reading(key, () => readSmall(root, key)),
    write: (key, bytes) =>
      writing(key, async () => {
        const path = await placeInside(root, key);
        await replaceFile(path, (temporary) => writeFile(temporary, bytes, { flag: 'wx' }));
      }),
    fetch: (key, signal) =>
      reading(key, async () => {
        throwIfAborted(signal);
        const path = await readablePath(root, key);
        return { path, version: await versionOf(path), release: async () => {} };
      }),
    fetchParts: (key, version, signal) =>
      reading(key, async () => {
        throwIfAborted(signal);
        const found = await find(root, key);
        if (!found || (await versionOf(found.path)) !== version) return undefined;
        return { path: found.path, version, release: async () => {}, fill: async () => {} };
      }),
    fetchStretches: (key, version, parts, signal) =>
      reading(key, async () => {
        throwIfAborted(signal);
        const found = await find(root, key);
        if (!found || (await versionOf(found.path)) !== version) return undefined;
        return { ...(await copiedStretches(found.path, parts, makeTemporary)), version };
      }),
    put: (key, path, { signal, modifiedMs }) =>
      writing(key, async () => {
        throwIfAborted(signal);
        if (modifiedMs !== undefined) await utimes(path, modifiedMs / 1000, modifiedMs / 1000);
        await moveFile(path, await placeInside(root, key), signal);
      }),
    link: (from, to) =>
      writing(to, async () => {
        const source = await reading(from, () => readablePath(root, from));
        await linkOrCopy(source, await placeInside(root, to));
      }),
    copy: (from, to) =>
      writing(to, async () => {
        const source = await reading(from, () => readablePath(root, from));
        await copy(source, await placeInside(root, to));
      }),
    remove: (key) =>
      writing(key, async () => {
        if (await find(root, key)) await rm(await placeInside(root, key), { force: true });
      }),
    locate: (key) => join(root, key),
  };
}

type StoredFile = { readonly path: string; readonly info: ObjectInfo };

/** Returns the file of a key; undefined if there is none, or something else, such as a folder or a pipe. */
async function find(root: string, key: string): Promise<StoredFile | undefined> {
  const path = await pathInside(root, key);
  const stats = await statsOf(path);
  return stats?.isFile() ? { path, info: { key, bytes: stats.size, modifiedMs: stats.mtimeMs } } : undefined;
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (MISSING.includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** A file that is written anew is another file, or changes at another time, also where its own date is set back. */
async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return `${ino}-${size}-${mtimeNs}-${ctimeNs}`;
}

async function* list(root: string, prefix: string): AsyncGenerator<ObjectInfo> {
  for await (const found of walkFolder(root, checkPrefix(prefix))) {
    if (found.kind === 'unreadable') throw found.failure;
    if (found.kind === 'object') yield found.info;
  }
}

async function readSmall(root: string, key: string): Promise<Uint8Array | undefined> {
  const found = await find(root, key);
  if (!found) return undefined;
  if (found.info.bytes > LARGEST_READ_BYTES) {
    throw new ServiceError(
      'over-limit',
      `${JSON.stringify(key)} has ${found.info.bytes} bytes; at most ${LARGEST_READ_BYTES} are read`,
    );
  }
  return readFile(found.path);
}

async function readablePath(root: string, key: string): Promise<string> {
  const found = await find(root, key);
  if (!found) throw new ServiceError('no-input', insteadOfFile(key, root, await statsOf(await pathInside(root, key))));
  await access(found.path, constants.R_OK);
  return found.path;
}

/** A sentence about what is there instead of a file, and what to do about it. */
function insteadOfFile(key: string, root: string, stats: Stats | undefined): string {
  const name = JSON.stringify(key);
  if (stats?.isDirectory()) return `${name} is a folder; name the files in it, or have it watched (reelmill watch)`;
  if (stats?.isFIFO()) return `${name} is a pipe, which can be read only once; write what comes out of it to a file`;
  if (stats?.isSocket()) return `${name} is a socket; write what comes out of it to a file`;
  if (stats && !stats.isFile()) return `${name} is a device; copy what it holds to a file`;
  return `there is no file ${name} in ${root}${unreadableName(`${root}/${key}`)}`;
}

/** Makes a hard link, or a copy if the file system cannot link. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await replaceFile(to, (temporary) => link(from, temporary));
  } catch (error) {
    if (!UNLINKABLE.includes(codeOf(error) ?? '')) throw error;
    await copy(from, to);
  }
}

/** Errors of link(2): no hard links here, another disk, somebody else's file, or too many links. */
const UNLINKABLE = ['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EPERM', 'EACCES', 'EMLINK'];

/** Copies a file and its time of change, with shared blocks if the file system can. A hard link would let an edit of one file change the other. */
async function copy(from: string, to: string): Promise<void> {
  await replaceFile(to, async (temporary) => {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    const { atime, mtime } = await stat(from);
    await utimes(temporary, atime, mtime);
  });
}

async function reading<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw readFailure(error, key);
  }
}

async function writing(key: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw writeFailure(error, key);
  }
}

/** A folder that stays where we are killed outright. */
const systemTemporary: MakeTemporary = async (prefix) => {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
