import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { recordedStamp } from '../../scripts/recorded-stamp.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PATHS = ['one.ts', 'deep/two.ts'];

let root = '';
let reads = 0;

/** A stamp that is nothing but the content, so that a stale one is seen. */
const read = async () => {
  reads++;
  return (await Promise.all(PATHS.map((path) => readFile(join(root, path), 'utf8')))).join('+');
};

describe('a recorded stamp', () => {
  beforeAll(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout'] });
  });

  beforeEach(async () => {
    root = await temporaryFolder();
    reads = 0;
    await mkdir(join(root, 'deep'));
    for (const path of PATHS) await writeFile(join(root, path), 'old');
    jest.setSystemTime(jest.getRealSystemTime() + 3_600_000); // the files were changed an hour ago
  });

  it('is taken without reading while no file changes', async () => {
    expect(await recordedStamp(root, PATHS, read)).toBe('old+old');
    expect(await recordedStamp(root, PATHS, read)).toBe('old+old');
    expect(reads).toBe(1);
  });

  it('is read anew when a file changes and keeps its size and time', async () => {
    await recordedStamp(root, PATHS, read);
    const then = new Date(1_600_000_000_000);
    for (const text of ['new', 'odd']) {
      const file = join(root, 'deep/two.ts');
      const { ctimeMs } = await stat(file);
      do {
        await writeFile(file, text);
        await utimes(file, then, then);
      } while ((await stat(file)).ctimeMs === ctimeMs); // a quick machine comes back within one tick of the disk's clock
      expect(await recordedStamp(root, PATHS, read)).toBe(`old+${text}`);
    }
  });

  it('is read anew for other files', async () => {
    await recordedStamp(root, PATHS, read);
    await recordedStamp(root, ['one.ts'], read);
    expect(reads).toBe(2);
  });

  it('is not recorded of files that were changed a moment ago, which may change within the same tick', async () => {
    jest.setSystemTime(
      Math.max(...(await Promise.all(PATHS.map((path) => stat(join(root, path))))).map(({ ctimeMs }) => ctimeMs)),
    );
    await recordedStamp(root, PATHS, read);
    await recordedStamp(root, PATHS, read);
    expect(reads).toBe(2);
  });

  it('is read each time while a file is missing', async () => {
    const some = async () => {
      reads++;
      return 'some';
    };
    for (let i = 0; i < 2; i++) expect(await recordedStamp(root, [...PATHS, 'none.ts'], some)).toBe('some');
    expect(reads).toBe(2);
  });
});
