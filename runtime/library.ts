import { constants, copyFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folderStore } from '../adapters/local/folder-store.ts';
import { recipesIn } from '../adapters/local/published-in.ts';
import { type LibraryOptions, walkLibrary } from '../adapters/local/walk-library.ts';
import { makeFolder } from '../adapters/shared/make-folder.ts';
import { systemClock } from '../adapters/shared/system-clock.ts';
import type { LibraryFile, LibraryFolder } from '../core/ports/library.ts';
import { readFailure, writeFailure } from '../core/system-failure.ts';
import { withByteSource } from '../media/structure/byte-source.ts';
import { recognise } from '../media/structure/recognise.ts';

/** Yields the films below a folder, and the other files, one folder after the other. */
export const openLibrary = (root: string, options: Omit<LibraryOptions, 'isFilm'>): AsyncGenerator<LibraryFolder> =>
  walkLibrary(root, {
    ...options,
    isFilm: (path) =>
      withByteSource(path, options.signal, async (source) => (await recognise(source)) !== undefined).catch(
        () => false,
      ),
  });

/** Whether a path leads to a folder, also by a link. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/** Returns what is needed to write the page of all films of a folder of results, with the recipes that there are. */
export const pageOf = async (folder: string) => ({
  recipes: await recipesIn(folder),
  ports: { outputs: folderStore(folder), clock: systemClock },
});

/** Returns a path with every link resolved; as it is, where nothing is there. */
export const realPath = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** Returns a function that copies a file of a library into the work folder, and returns the copy's path. */
export function stagingIn(work: string): (file: LibraryFile) => Promise<string> {
  const staged = join(work, 'copies', String(process.pid));
  return async ({ folder, key }) => {
    try {
      await makeFolder(join(work, 'copies'));
      await copyFile(join(folder, key), staged, constants.COPYFILE_FICLONE);
    } catch (error) {
      throw writeFailure(readFailure(error, join(folder, key)), staged);
    }
    return staged;
  };
}
