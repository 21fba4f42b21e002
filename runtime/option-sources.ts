import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, readFailure } from '../core/system-failure.ts';

const DEFAULTS_FILE = 'reelmill.json';

type DefaultsFile = { readonly path: string; readonly bytes: Uint8Array };

/** Returns the nearest `reelmill.json`: in the folder, or else in the nearest folder above it. Throws `no-input`. */
export async function findDefaultsFile(folder: string): Promise<DefaultsFile | undefined> {
  const path = join(folder, DEFAULTS_FILE);
  try {
    return { path, bytes: await readFile(path) };
  } catch (error) {
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
