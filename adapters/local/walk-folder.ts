import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { keyFault } from '../../core/object-key.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { codeOf, readFailure } from '../../core/system-failure.ts';
import { MISSING } from '../shared/file-failure.ts';
import { pathInside } from './path-inside.ts';

/** An object, or something else in the folder and a sentence that says why it is not an object. */
type WalkEntry =
  | { readonly kind: 'object'; readonly info: ObjectInfo }
  | { readonly kind: 'skipped'; readonly key: string; readonly why: string }
  | { readonly kind: 'unreadable'; readonly key: string; readonly failure: unknown };

/**
 * Yields what is below `root` under a prefix, in key order (by UTF-8 bytes, as in S3), with one folder in memory at a time.
 * Hidden names are left out unless the prefix names them. Links to folders are not followed.
 */
export async function* walkFolder(root: string, prefix: string): AsyncGenerator<WalkEntry> {
  const folderKey = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const folder = folderKey === '' ? root : await pathInside(root, folderKey.slice(0, -1));
  yield* walk(root, folder, folderKey, prefix);
}

async function* walk(root: string, folder: string, folderKey: string, prefix: string): AsyncGenerator<WalkEntry> {
  const entries = await entriesOf(folder, folderKey);
  if ('kind' in entries) return yield entries;
  for (const entry of inKeyOrder(entries)) {
    if (entry.name.startsWith('.')) continue;
    const key = folderKey + entry.name;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (`${key}/`.startsWith(prefix)) yield* walk(root, path, `${key}/`, prefix);
    } else if (key.startsWith(prefix)) {
      const found = await look(root, key, path);
      if (found) yield found;
    }
  }
}

async function entriesOf(folder: string, folderKey: string): Promise<readonly Dirent[] | WalkEntry> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return unseen(error, folderKey, folder) ?? [];
  }
}

function inKeyOrder(entries: readonly Dirent[]): readonly Dirent[] {
  return entries
    .map((entry) => ({ entry, order: Buffer.from(entry.isDirectory() ? `${entry.name}/` : entry.name) }))
    .sort((one, other) => Buffer.compare(one.order, other.order))
    .map(({ entry }) => entry);
}

async function look(root: string, key: string, path: string): Promise<WalkEntry | undefined> {
  const fault = keyFault(key);
  if (fault) return { kind: 'skipped', key, why: ignored(key, `as a key its name ${fault}`) };
  try {
    const isLink = (await lstat(path)).isSymbolicLink();
    const info = await stat(isLink ? await pathInside(root, key) : path);
    if (info.isFile()) return { kind: 'object', info: { key, bytes: info.size, modifiedMs: info.mtimeMs } };
    const why = ignored(key, isLink ? 'links to folders are not followed' : 'it is not a file');
    return { kind: 'skipped', key, why };
  } catch (error) {
    return unseen(error, key, path);
  }
}

/** Returns the entry for an error; undefined if the file has vanished meanwhile. */
function unseen(error: unknown, key: string, path: string): WalkEntry | undefined {
  if (error instanceof ServiceError) return { kind: 'skipped', key, why: error.message };
  if (!MISSING.includes(codeOf(error))) return { kind: 'unreadable', key, failure: readFailure(error, path) };
  // readdir replaces bytes that are not UTF-8 by U+FFFD, and no file has the resulting name.
  if (!key.includes('\uFFFD')) return undefined;
  return { kind: 'skipped', key, why: ignored(key, 'its name is not UTF-8; rename it') };
}

const ignored = (key: string, why: string): string => `${JSON.stringify(key)} is ignored: ${why}`;
