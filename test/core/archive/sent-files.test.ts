import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { sentFilesFrom, sentFilesText, sumsText } from '../../../core/archive/sent-files.ts';
import { contentHash } from '../../../core/small-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const file = { path: 'a.mp4', bytes: 1, modifiedMs: 2.5, sha256: 'aa', etag: 'bb', partMiB: 100 };
const bytesOf = (text: string) => new TextEncoder().encode(text);

it('comes back as it was written', () => {
  expect([...sentFilesFrom(bytesOf(sentFilesText([file])))]).toEqual([['a.mp4', file]]);
});

it.each(['', '{', '{"version":2,"files":[]}', '{"version":1,"files":[{"path":1}]}'])('is empty where %j lies', (text) =>
  expect(sentFilesFrom(bytesOf(text)).size).toBe(0),
);

it('writes sums that sha256sum checks, whatever the names are', async () => {
  const folder = await temporaryFolder();
  const names = ['plain.mp4', 'a b  c.mp4', 'back\\slash', 'line\nend', '-option', 'ü.mp4'];
  for (const name of names) await writeFile(join(folder, name), name);
  await writeFile(join(folder, 'SUMS'), sumsText(names.map((path) => ({ path, sha256: contentHash(path) }))));
  const { stdout } = await promisify(execFile)('sha256sum', ['--check', '--strict', 'SUMS'], { cwd: folder });
  expect(stdout.match(/: OK$/gm)).toHaveLength(names.length);
});
