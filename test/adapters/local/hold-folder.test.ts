import { readdirSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { holdFolder } from '../../../adapters/local/hold-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const shared = () => true;
const holdersOf = (folder: string) => readdirSync(join(folder, 'machines'));
const own = `${encodeURIComponent(hostname())}.${process.pid}`;

describe('a folder on a shared drive', () => {
  it('is held by a file of this process until it was let go as often as it was held', async () => {
    const folder = await temporaryFolder();
    const letGo = [holdFolder(folder, shared), holdFolder(folder, shared)];
    expect(holdersOf(folder)).toEqual([own]);
    letGo[0]?.();
    expect(holdersOf(folder)).toEqual([own]);
    letGo[1]?.();
    expect(holdersOf(folder)).toEqual([]);
  });

  it('is refused while another machine holds it, with what to do', async () => {
    const folder = await withHolder('anna-laptop.4711');
    expect(() => holdFolder(folder, shared)).toThrow(
      expect.objectContaining({
        code: 'busy',
        message: expect.stringMatching(
          /^anna-laptop works with .*: give --work a folder on a disk of this machine, or wait/,
        ),
      }),
    );
    expect(holdersOf(folder)).toEqual(['anna-laptop.4711']);
  });

  it('is held by several processes of one machine', async () => {
    const folder = await withHolder(`${encodeURIComponent(hostname())}.1`);
    holdFolder(folder, shared)();
    expect(holdersOf(folder)).toEqual([`${encodeURIComponent(hostname())}.1`]);
  });

  it('loses the files of processes that were killed', async () => {
    const folder = await withHolder(`${encodeURIComponent(hostname())}.1`, 61);
    holdFolder(folder, shared)();
    expect(holdersOf(folder)).toEqual([]);
  });

  it('is free again when the other machine has not written for a minute, by the clock of the drive', async () => {
    const folder = await withHolder('anna-laptop.4711', 61);
    const letGo = holdFolder(folder, shared);
    expect(holdersOf(folder)).toEqual([own]);
    letGo();
  });
});

it('a folder on a drive of this machine is not held, and gets no file', async () => {
  const folder = await temporaryFolder();
  holdFolder(folder)();
  expect(await readdir(folder)).toEqual([]);
});

async function withHolder(name: string, secondsAgo = 0): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, 'machines', name);
  await mkdir(join(folder, 'machines'));
  await writeFile(path, '');
  const written = new Date(Date.now() - 1000 * secondsAgo);
  await utimes(path, written, written);
  return folder;
}
