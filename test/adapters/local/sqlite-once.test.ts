import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sqliteOnce } from '../../../adapters/local/sqlite-once.ts';
import { onceContract } from '../../contracts/once.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const openIn = async (folder: string) => sqliteOnce(join(folder, 'jobs.sqlite'));

onceContract('a job table', async () => {
  const once = await openIn(await temporaryFolder());
  return { once, close: async () => once.close() };
});

it('remembers in later processes what was done, and lets only one of two at once begin', async () => {
  const folder = await temporaryFolder();
  const [one, other] = [await openIn(folder), await openIn(folder)];
  const turns = await Promise.all([one, other].map((once) => once.begin('a', 2_000, 1_000)));
  expect(turns.sort()).toEqual(['mine', 'theirs']);
  await one.finish('a');
  one.close();
  other.close();
  const later = await openIn(folder);
  expect(await later.begin('a', 9_000_000, 8_000_000)).toBe('done');
  later.close();
});
