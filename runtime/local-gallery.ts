import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderStore } from '../adapters/local/folder-store.ts';
import { galleryFolder } from '../adapters/local/gallery-folder.ts';
import { ServiceError } from '../core/errors.ts';
import { hashOnThread } from '../media/probe/hash-on-thread.ts';

/** The player is built beside the command; its first module is the one that a page loads. */
const PLAYER = join(dirname(fileURLToPath(import.meta.url)), 'player');
const FIRST = 'player.js';

/** The ports that make a gallery of a folder's results. Throws `no-input` where there is no such folder. */
export async function localGalleryPorts(from: string, to: string) {
  await readdir(from).catch(() => {
    throw new ServiceError('no-input', `there is no folder ${from}; give one in which results lie`);
  });
  return { outputs: folderStore(from), target: galleryFolder(to), hash: hashOnThread, player: await playerFiles() };
}

async function playerFiles() {
  const names = (await readdir(PLAYER).catch(() => [])).filter((name) => /^[\w.-]+\.js$/.test(name));
  if (!names.includes(FIRST)) return [];
  const sorted = [FIRST, ...names.filter((name) => name !== FIRST)];
  return sorted.map((name) => ({ name, path: join(PLAYER, name) }));
}
