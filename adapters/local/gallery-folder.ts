import { constants } from 'node:fs';
import { copyFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import { keyFault } from '../../core/object-key.ts';
import type { GalleryFolder } from '../../core/ports/gallery-folder.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { throwIfAborted } from './abort.ts';
import { placeInside } from './path-inside.ts';
import { replaceFile } from './replace-file.ts';

/** What a gallery consists of. It shows that the folder is ours. */
const RECORD = 'gallery.json';
const record = z.object({ gallery: z.literal(1), files: z.array(z.string()) });

/** A gallery in a folder. Files are replaced by renaming, and blocks shared with the results where the disk can. */
export function galleryFolder(folder: string): GalleryFolder {
  const root = resolve(folder);
  return {
    open: () =>
      writing(folder, async () => {
        await makeFolder(root);
        const there = (await readdir(root)).filter((name) => !name.startsWith('.'));
        if (there.includes(RECORD) && !(await recorded(root)))
          throw new ServiceError(
            'cannot-write',
            `${folder} holds a damaged ${RECORD}, so that it cannot be told which files are the gallery's; remove the folder, or give a new one`,
          );
        if (there.length > 0 && !there.includes(RECORD))
          throw new ServiceError(
            'cannot-write',
            `${folder} is not empty and holds no gallery; give a new folder, or one that a gallery was made in`,
          );
      }),

    has: async (path, from) => (await placeOf(root, path, from)).isThere,

    copy: (path, from, signal) =>
      writing(path, async () => {
        throwIfAborted(signal);
        const { source, target, isThere } = await placeOf(root, path, from);
        if (isThere) return false;
        await replaceFile(target, async (temporary) => {
          await copyFile(from, temporary, constants.COPYFILE_FICLONE);
          await utimes(temporary, source.atime, source.mtime);
        });
        return true;
      }),

    write: (path, text) =>
      writing(path, async () => {
        const target = await placeInside(root, path);
        await replaceFile(target, (temporary) => writeFile(temporary, text, { flag: 'wx' }));
      }),

    finish: (paths) =>
      writing(RECORD, async () => {
        const kept = new Set(paths);
        for (const path of (await recorded(root))?.files ?? []) {
          // the record lies where anybody can write: it removes nothing outside of the folder
          if (!kept.has(path) && keyFault(path) === undefined) await rm(await placeInside(root, path), { force: true });
        }
        const text = `${JSON.stringify({ gallery: 1, files: [...paths].sort() }, undefined, 1)}\n`;
        await replaceFile(join(root, RECORD), (temporary) => writeFile(temporary, text, { flag: 'wx' }));
      }),
  };
}

async function placeOf(root: string, path: string, from: string) {
  const [source, target] = [await stat(from), await placeInside(root, path)];
  const there = await stat(target).catch(() => undefined);
  const isThere = there?.size === source.size && Math.abs(there.mtimeMs - source.mtimeMs) < 2;
  return { source, target, isThere };
}

async function recorded(root: string) {
  try {
    return record.safeParse(JSON.parse(await readFile(join(root, RECORD), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeFailure(error, what);
  }
}
