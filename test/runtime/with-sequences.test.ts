import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { withSequences } from '../../runtime/with-sequences.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('names a folder of numbered pictures by its sequence, and leaves every other name as it is', async () => {
  const folder = await temporaryFolder();
  const holding = async (name: string, files: readonly string[]) => {
    await mkdir(join(folder, name));
    for (const file of files) await writeFile(join(folder, name, file), '');
    return join(folder, name);
  };
  const shot = await holding('shot', ['f_009.png', 'f_010.png', '.DS_Store']);
  const mixed = await holding('mixed', ['f_009.png', 'f_010.png', 'sound.wav']);
  const nested = await holding('nested', ['f_009.png', 'f_010.png']);
  await mkdir(join(nested, 'more'));
  const others = [mixed, nested, join(shot, 'f_009.png'), join(folder, 'missing'), ''];
  expect(await withSequences([shot, ...others])).toEqual([join(shot, 'f_%03d.png'), ...others]);
});
