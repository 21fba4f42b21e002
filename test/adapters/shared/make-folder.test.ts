import { stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeFolder, makeFolderSync } from '../../../adapters/shared/make-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WAYS = [
  { way: 'makeFolder', make: makeFolder },
  { way: 'makeFolderSync', make: async (path: string) => makeFolderSync(path) },
];

describe.each(WAYS)('$way', ({ way, make }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await symlink('nowhere', join(folder, 'dangling'));
  });

  it('makes all that is missing, and takes what is there', async () => {
    const path = join(folder, way, 'b', 'c');
    await make(path);
    await make(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('takes several that make one folder at once', async () => {
    const path = join(folder, `${way}-at-once`, 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => make(path)));
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it.each([
    {
      where: 'in /proc, where Node by itself would never come back',
      path: () => '/proc/reelmill/input',
      code: 'ENOENT',
    },
    { where: 'at a file', path: () => join(folder, 'file'), code: 'EEXIST' },
    { where: 'below a file', path: () => join(folder, 'file', 'a', 'b'), code: 'ENOTDIR' },
    { where: 'at a link that leads nowhere', path: () => join(folder, 'dangling'), code: 'ENOENT' },
  ])('says why there can be none $where', async ({ path, code }) => {
    await expect(make(path())).rejects.toMatchObject({ code });
  });
});
