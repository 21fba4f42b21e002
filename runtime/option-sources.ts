import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ServiceError, usage } from '../core/errors.ts';
import { codeOf, readFailure } from '../core/system-failure.ts';

const DEFAULTS_FILE = 'reelmill.json';

type DefaultsFile = { readonly path: string; readonly bytes: Uint8Array };

/** Defaults take some hundred bytes. */
const MOST_BYTES = 2 ** 20;

/**
 * Returns the nearest `reelmill.json`: in the folder, or else in the nearest folder above it. Throws `no-input`, and `usage` for what is no
 * such file: it may have come with the films of a stranger.
 */
export async function findDefaultsFile(folder: string): Promise<DefaultsFile | undefined> {
  const path = join(folder, DEFAULTS_FILE);
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size > MOST_BYTES)
      throw usage(`${path} is no file of defaults: it is ${info.isFile() ? 'larger than 1 MiB' : 'no regular file'}`);
    return { path, bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw readFailure(error, path);
  }
  const above = dirname(folder);
  return above === folder ? undefined : findDefaultsFile(above);
}

/** Returns the folder that is worked on: that of the first of the names that is there, or else the current one. */
export async function folderOf(names: readonly string[]): Promise<string> {
  for (const name of names) {
    const info = await stat(name).catch(() => undefined);
    if (info) return info.isDirectory() ? resolve(name) : dirname(resolve(name));
  }
  return resolve('.');
}

/** Returns a path that stands in a file, meant from the file's folder. */
export const pathBeside = (file: string, path: string): string => resolve(dirname(file), path);
