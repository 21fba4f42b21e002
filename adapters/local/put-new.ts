import { link, open, rm, utimes } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { flushFolder, syncFile } from './durable-file.ts';
import { placeInside } from './path-inside.ts';
import { moveFile } from './replace-file.ts';

/** File systems without hard links, and places on another one. */
const NO_LINK: readonly string[] = ['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Publishes a finished file under a key of a folder that has none yet, whole or not at all. Whoever comes first has the name:
 * throws `bad-input` where a file is there already, and replaces nothing.
 */
export async function putNew(
  folder: string,
  key: string,
  { path, modifiedMs }: { readonly path: string; readonly modifiedMs: number | undefined },
): Promise<void> {
  const to = await placeInside(resolve(folder), key);
  try {
    if (modifiedMs !== undefined) await utimes(path, modifiedMs / 1000, modifiedMs / 1000);
    await makeFolder(dirname(to));
    await syncFile(path);
    await linked(path, to);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw writeFailure(error, key);
    throw new ServiceError('bad-input', `${JSON.stringify(key)} is there already; give the file another name`);
  }
  await flushFolder(dirname(to));
}

async function linked(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINK.includes(codeOf(error) ?? '')) throw error;
    await (await open(to, 'wx')).close(); // takes the name, so that what is replaced is our own
    try {
      await moveFile(from, to, new AbortController().signal);
    } catch (failure) {
      await rm(to, { force: true });
      throw failure;
    }
    return;
  }
  await rm(from, { force: true });
}
