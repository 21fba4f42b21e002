import { constants } from 'node:fs';
import { copyFile, stat, utimes } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { Publishing, SourceKeeper } from '../../core/ports/source-keeper.ts';
import { readFailure, writeFailure } from '../../core/system-failure.ts';
import { throwIfAborted } from './abort.ts';
import { pathInside, placeInside } from './path-inside.ts';
import { replaceFile } from './replace-file.ts';

type Folders = {
  readonly sources: string;
  readonly outputs: string;
  /** Returns the SHA-256 of a file. */
  hash(path: string, signal: AbortSignal): Promise<string>;
};

/** Keeps sources as files of their own, which share blocks with the source where the file system can. A folder has no storage classes. */
export function folderSourceKeeper({ sources, outputs, hash }: Folders): SourceKeeper {
  return {
    async keep({ source, key, sums }, signal) {
      throwIfAborted(signal);
      const { from, times } = await found(source);
      return writing(key, async () => {
        const to = await placeInside(resolve(outputs), key);
        const there = await stat(to).catch(() => undefined);
        if (there) return there.isFile() && (await hash(to, signal)) === sums.sha256 ? {} : undefined;
        await copied(from, to, { source, sums, times, signal });
        return {};
      });
    },
    async publish({ source, key, sums, modifiedMs }, signal) {
      throwIfAborted(signal);
      const { from } = await found(source);
      const now = new Date();
      const times = modifiedMs === undefined ? { atime: now, mtime: now } : { atime: now, mtime: new Date(modifiedMs) };
      await writing(key, async () =>
        copied(from, await placeInside(resolve(outputs), key), { source, sums, times, signal }),
      );
    },
  };

  async function found(source: string) {
    const from = await pathInside(resolve(sources), source);
    const times = await stat(from).catch((error: unknown) => {
      throw readFailure(error, source);
    });
    return { from, times };
  }

  async function copied(from: string, to: string, { source, sums, times, signal }: Copy): Promise<void> {
    await replaceFile(to, async (temporary) => {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      await utimes(temporary, times.atime, times.mtime);
      if ((await hash(temporary, signal)) !== sums.sha256)
        throw new ServiceError('busy', `${source} changed while it was copied; the next run takes it as it is now`);
    });
  }
}

type Copy = Pick<Publishing, 'source' | 'sums'> & {
  readonly times: { readonly atime: Date; readonly mtime: Date };
  readonly signal: AbortSignal;
};

async function writing<T>(key: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw error instanceof ServiceError ? error : writeFailure(error, key);
  }
}
