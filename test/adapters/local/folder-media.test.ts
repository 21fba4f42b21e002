import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { folderMedia } from '../../../adapters/local/folder-media.ts';
import { mediaObjectsContract } from '../../contracts/media-objects.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const signal = new AbortController().signal;

mediaObjectsContract('a folder', async () => {
  const root = await temporaryFolder();
  return {
    objects: folderMedia(root),
    // files are replaced as the folder store replaces them
    async put(key, bytes) {
      const path = join(root, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, bytes);
      await rename(`${path}.new`, path);
    },
    close: async () => {},
  };
});

it('a file that is written to while it is read is refused', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'a.mp4'), Buffer.alloc(1000));
  const file = await folderMedia(root).open('a.mp4', undefined, signal);
  await writeFile(join(root, 'a.mp4'), Buffer.alloc(1000, 1));
  await expect(file?.read(0, 10, signal)).rejects.toMatchObject({ code: 'reclaimed' });
  await writeFile(join(root, 'a.mp4'), 'short');
  await expect(file?.read(900, 910, signal)).rejects.toMatchObject({ code: 'reclaimed' });
  await file?.close();
});

it('the version that a folder has can be asked for by its name', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'a.mp4'), 'film');
  const file = await folderMedia(root).open('a.mp4', undefined, signal);
  const again = await folderMedia(root).open('a.mp4', file?.version, signal);
  expect(again?.bytes).toBe(4);
  await file?.close();
  await again?.close();
});

it('a link out of the folder is refused', async () => {
  const root = await temporaryFolder();
  await symlink('/etc/hostname', join(root, 'out.mp4'));
  await expect(folderMedia(root).open('out.mp4', undefined, signal)).rejects.toMatchObject({ code: 'bad-input' });
});
