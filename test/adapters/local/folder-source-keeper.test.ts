import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folderSourceKeeper } from '../../../adapters/local/folder-source-keeper.ts';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { sumsOfFile } from '../../../media/probe/hash-file.ts';
import { sourceKeeperContract } from '../../contracts/source-keeper.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();

async function open() {
  const folder = await temporaryFolder();
  const [sources, outputs] = [join(folder, 'in'), join(folder, 'out')];
  const hash = async (path: string) => (await sumsOfFile(path, signal)).sha256;
  const keeper = folderSourceKeeper({ sources, outputs, hash });
  return { folder, keeper, sources: folderStore(sources), outputs: folderStore(outputs) };
}

describe('a folder that keeps sources', () => {
  sourceKeeperContract(open);

  it('makes a file of its own with the time of the source', async () => {
    const { folder, keeper, sources } = await open();
    await sources.write('a.mov', 'the film', 'video/mp4');
    const sums = await sumsOfFile(join(folder, 'in', 'a.mov'), signal);
    await keeper.keep({ source: 'a.mov', key: 'source/a.mov', sums, storageClass: 'STANDARD' }, signal);
    const [source, copy] = [await stat(join(folder, 'in/a.mov')), await stat(join(folder, 'out/source/a.mov'))];
    expect(copy.ino).not.toBe(source.ino);
    expect(Math.abs(copy.mtimeMs - source.mtimeMs)).toBeLessThan(2);
  });
});
