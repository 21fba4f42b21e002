import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sqliteResultNames } from '../../../adapters/local/sqlite-result-names.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('gives a name to one job of a folder of results, and remembers it', async () => {
  const path = join(await temporaryFolder(), 'jobs.sqlite');
  const one = { job: 'one', location: '/in/a.mov' };
  const other = { job: 'other', location: '/in/A.mkv' };
  const table = sqliteResultNames(path);
  const names = table.in('/out');
  expect(await names.take('a.mp4', one)).toEqual({ ...one, isNew: true });
  expect(await names.take('a.mp4', one)).toEqual({ ...one, isNew: false });
  expect(await names.take('A.MP4', other)).toEqual({ ...one, isNew: false });
  expect(await table.in('/elsewhere').take('a.mp4', other)).toEqual({ ...other, isNew: true });
  await names.giveUp('a.mp4', 'other');
  table.close();
  const again = sqliteResultNames(path);
  expect(await again.in('/out').holderOf('a.mp4')).toEqual(one);
  await again.in('/out').give('a.mp4', other);
  expect(await again.in('/out').holderOf('a.mp4')).toEqual(other);
  await again.in('/out').giveUp('a.mp4', 'other');
  expect(await again.in('/out').holderOf('a.mp4')).toBeUndefined();
  again.close();
});
