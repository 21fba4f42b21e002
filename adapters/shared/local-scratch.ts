import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scratch } from '../../core/ports/scratch.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { makeFolder } from './make-folder.ts';
import { removeFolder } from './remove-folder.ts';

/** Makes and removes work folders below `root`. Their names are ours. */
export function localScratch(root: string): Scratch {
  return {
    async open(name) {
      const folder = join(root, name);
      await makeFolder(folder).catch((error: unknown) => {
        throw writeFailure(error, folder);
      });
      return folder;
    },
    remove: (name) => removeFolder(join(root, name)),
    freeBytes: async () => {
      await makeFolder(root);
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}
