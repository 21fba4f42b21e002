import { rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { placeInside } from './path-inside.ts';
import { putNew } from './put-new.ts';
import { temporaryBeside } from './replace-file.ts';

/** Writes a small file whose name nobody has yet, whole or not at all. False where somebody came first. */
export async function writeNew(folder: string, key: string, bytes: Uint8Array | string): Promise<boolean> {
  const to = await placeInside(resolve(folder), key);
  const path = temporaryBeside(to);
  try {
    await makeFolder(dirname(to));
    await writeFile(path, bytes, { flag: 'wx' });
    await putNew(folder, key, { path, modifiedMs: undefined });
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'bad-input') return false;
    throw writeFailure(error, key);
  } finally {
    await rm(path, { force: true });
  }
}
