import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { isAbandoned, removeAbandoned, replaceFile } from '../../../adapters/local/replace-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it("leaves the copy of another process alone that has its source's old time and not yet its name", async () => {
  const folder = await temporaryFolder();
  let goOn = () => {};
  const waits = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isFilled = () => {};
  const filled = new Promise<void>((resolve) => {
    isFilled = resolve;
  });
  const first = replaceFile(join(folder, 'old film'), async (temporary) => {
    await writeFile(temporary, 'a film of 1970');
    await utimes(temporary, 1, 1);
    isFilled();
    await waits;
  });
  await filled;
  await replaceFile(join(folder, 'another film'), (temporary) => writeFile(temporary, 'new'));
  goOn();
  await first;
  expect((await readdir(folder)).sort()).toEqual(['another film', 'old film']);
  expect(await readFile(join(folder, 'old film'), 'utf8')).toBe('a film of 1970');
});

it.each([
  { name: '.reelmill-tmp-0123', changedMs: 0, is: true },
  { name: '.reelmill-tmp-0123', changedMs: 1, is: false },
  { name: 'film.mp4', changedMs: 0, is: false },
])('takes $name of an hour less $changedMs ms for abandoned: $is', ({ is, ...file }) => {
  expect(isAbandoned(file, 3_600_001)).toBe(is);
});

it('clears away what a process killed an hour ago left, and nothing younger', async () => {
  const folder = await temporaryFolder();
  for (const name of ['.reelmill-tmp-0123', 'film.mp4']) await writeFile(join(folder, name), '');
  const { ctimeMs } = await stat(join(folder, '.reelmill-tmp-0123'));
  await removeAbandoned(folder, ctimeMs + 3_500_000);
  expect((await readdir(folder)).sort()).toEqual(['.reelmill-tmp-0123', 'film.mp4']);
  await removeAbandoned(folder, ctimeMs + 3_700_000);
  expect(await readdir(folder)).toEqual(['film.mp4']);
});
