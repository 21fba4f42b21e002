import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { putNew } from '../../../adapters/local/put-new.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it("gives a name to whoever comes first, and replaces nobody's file", async () => {
  const root = await temporaryFolder();
  const paths = await Promise.all(
    [0, 1, 2, 3].map(async (i) => {
      const path = join(root, `part-${i}`);
      await writeFile(path, `film ${i}`);
      return path;
    }),
  );
  const ends = await Promise.allSettled(paths.map((path) => putNew(root, 'in/a.mp4', { path, modifiedMs: 1e12 })));
  const first = ends.findIndex(({ status }) => status === 'fulfilled');
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readFile(join(root, 'in/a.mp4'), 'utf8')).toBe(`film ${first}`);
  for (const [i, path] of paths.entries()) if (i !== first) expect(await readFile(path, 'utf8')).toBe(`film ${i}`);
});

it('replaces no folder either, and says so', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'a.mp4'));
  await writeFile(join(root, 'part'), 'film');
  await expect(putNew(root, 'a.mp4', { path: join(root, 'part'), modifiedMs: undefined })).rejects.toMatchObject({
    message: expect.stringContaining('a.mp4'),
  });
  expect(await readFile(join(root, 'part'), 'utf8')).toBe('film');
});
