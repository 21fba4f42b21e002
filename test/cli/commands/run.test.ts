import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runOf, startReelmill } from '../../support/reelmill.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('run counts all films before it tells of the first, whatever folders they are in and whatever is wrong with them', async () => {
  const root = join(await temporaryFolder(), 'lib');
  for (const path of ['0.mp4', 'a/1.mp4', 'b/c/2.mp4']) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), 'This is not a video.');
  }
  await writeFile(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff]), Buffer.from('.mp4')]), 'x');
  const { stderr } = await startReelmill(runOf([root], { out: join(root, '../out') })).ended;
  expect(stderr.match(/^\[\d\/\d\]/gm)).toEqual(['[1/4]', '[2/4]', '[3/4]', '[4/4]']);
});
