import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Entry, entriesIn, originalsOf, settle } from '../adapters/local/originals-folder.ts';
import { isRecordOnly } from '../adapters/local/replaced-since.ts';
import { removeOriginal, undoReplacement } from '../adapters/local/undo-replacement.ts';
import { ServiceError } from '../core/errors.ts';
import { readFailure, systemReason } from '../core/system-failure.ts';
import { hashOnThread } from '../media/probe/hash-on-thread.ts';

const OWNER_MAY_WRITE = 0o200;

/** Throws `cannot-write` if a film may not be replaced: it is a link, or it or its folder is read-only. */
export async function refuseReadOnly(path: string): Promise<void> {
  try {
    const { mode } = await stat(path);
    if ((await lstat(path)).isSymbolicLink()) throw isLink(path);
    if ((mode & OWNER_MAY_WRITE) === 0) throw readOnly(path, 'it is read-only');
    await access(path, constants.W_OK);
    await access(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const failure = readFailure(error, path);
    if (failure instanceof ServiceError && failure.details.system === 'ENOENT') return; // its job says so
    throw readOnly(path, systemReason(error) ?? 'the system does not permit it');
  }
}

const isLink = (path: string) =>
  new ServiceError('cannot-write', `${path} is a link and is not replaced; name the file that it leads to`);

const readOnly = (path: string, why: string) =>
  new ServiceError('cannot-write', `${path} cannot be replaced: ${why}; allow writing, or run it with --out`);

/** An original that was put aside, as people are told of it. */
export type PutAside = {
  readonly job: string;
  readonly source: string;
  readonly film: string;
  readonly bytes: number;
  readonly atMs: number;
};

export type PutAsideFolder = {
  list(): readonly PutAside[];
  /** Puts one back. Returns how many films that were in its place since are gone. Throws `cannot-write` if anything was edited since. */
  undo(one: PutAside): Promise<number>;
  /** Lets one go for good. Throws `cannot-write` if its film is not there as it was published. */
  remove(one: PutAside): Promise<void>;
};

/** Opens what was put aside in a folder, and finishes or takes back what a killed process began. */
export async function openPutAside(root: string, signal: AbortSignal): Promise<PutAsideFolder> {
  const hash = (path: string) => hashOnThread(path, { signal, onProgress: () => {} });
  const options = { root, signal, hash };
  for (const entry of await entriesIn(root)) await settle(entry, options);
  let entries = await entriesIn(root);
  const aside = new Map<PutAside, Entry>();
  for (const entry of entries) {
    const { job, source, film, was, atMs } = entry;
    if (!isRecordOnly(entry, entries)) aside.set({ job, source, film, bytes: was.bytes, atMs }, entry);
  }
  const entryOf = (one: PutAside) => {
    const entry = aside.get(one);
    if (!entry) throw new Error(`${one.source} is not among what was put aside`);
    return entry;
  };
  return {
    list: () => [...aside.keys()],
    async undo(one) {
      const { left, gone } = await undoReplacement(entryOf(one), entries, options);
      entries = left;
      return gone;
    },
    async remove(one) {
      entries = await removeOriginal(entryOf(one), entries, options);
    },
  };
}

export const hasPutAside = async (root: string): Promise<boolean> =>
  (await stat(originalsOf(root)).catch(() => undefined))?.isDirectory() ?? false;
