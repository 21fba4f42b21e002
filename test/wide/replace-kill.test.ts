import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { filmsIn, killStorm } from '../support/kill-storm.ts';
import { QUICK, reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('keeps every film whole, old or new, through kills at any moment, and brings every byte back', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, '2019'));
  await copyFile(await clip('cfr'), join(folder, 'one.mp4'));
  await copyFile(await clip('vfr'), join(folder, '2019/two.mkv'));
  const before = await filmsIn(folder);
  const args = ['run', folder, '--recipe', 'preserve', '--replace', '--yes', '--json', ...QUICK];
  const forced = [...args, '--set', 'evenIfLarger=true'];
  const storm = await killStorm(folder, forced, 5);
  expect(storm.kills).toBeGreaterThanOrEqual(5);
  expect(storm.lost).toEqual([]);
  expect(storm.within).toBeGreaterThan(0);
  expect((await reelmill(forced)).code).toBe(0);
  expect([...(await filmsIn(folder)).keys()].sort()).toEqual(['2019/two.mp4', 'one.mp4']);
  expect((await reelmill(['undo', folder])).code).toBe(0);
  expect(await filmsIn(folder)).toEqual(before);
});
