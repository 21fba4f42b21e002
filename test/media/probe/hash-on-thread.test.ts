import { createHash } from 'node:crypto';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { hashOnThread } from '../../../media/probe/hash-on-thread.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const never = new AbortController().signal;
const options = { signal: never, onProgress: () => {} };

describe('hashing on a thread', () => {
  let folder: string;
  let large: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    large = join(folder, 'large');
    await writeFile(large, 'begins like this');
    await truncate(large, 130 * 2 ** 20 + 7); // a hole: it takes no room
  });

  it('gives the SHA-256 of large files and of small ones', async () => {
    const small = join(folder, 'small');
    await writeFile(small, 'abc');
    for (const path of [small, large])
      expect(await hashOnThread(path, options)).toBe(
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      );
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    await hashOnThread(large, { signal: never, onProgress: (bytes) => told.push(bytes) });
    expect(told).toEqual([64 * 2 ** 20, 128 * 2 ** 20, 130 * 2 ** 20 + 7]);
  });

  it('ends when it is stopped, before it began or in the middle', async () => {
    await expect(hashOnThread(large, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    });
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    await expect(hashOnThread(large, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('ends when it is stopped by whoever was slow to hear of it, though the thread has read all meanwhile', async () => {
    const stop = new AbortController();
    const onProgress = () => {
      if (!stop.signal.aborted) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500); // this thread stands still
      stop.abort();
    };
    await expect(hashOnThread(large, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('says no-input where there is no file to read', async () => {
    await mkdir(join(folder, 'folder'));
    for (const name of ['folder', 'nothing'])
      await expect(hashOnThread(join(folder, name), options)).rejects.toMatchObject({ code: 'no-input' });
  });
});
