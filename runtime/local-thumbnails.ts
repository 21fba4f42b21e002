import { join } from 'node:path';
import process from 'node:process';
import { folderStore } from '../adapters/local/folder-store.ts';
import { loopbackServer } from '../adapters/local/loopback-server.ts';
import { sharpPictures } from '../media/pictures/sharp-pictures.ts';

/** The ports that serve thumbnails of a folder's `output/`. */
export const localThumbnailPorts = (root: string, work: string) => ({
  outputs: folderStore(root),
  cache: folderStore(join(work, 'cache')),
  pictures: sharpPictures,
  log: {
    error: (event: string, fields: Readonly<Record<string, unknown>>) => {
      process.stderr.write(`${JSON.stringify({ event, ...fields })}\n`);
    },
  },
});

export const listenOnLoopback = loopbackServer;
