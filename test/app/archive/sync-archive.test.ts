import { appendFile, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { syncFolder } from '../../../adapters/local/sync-folder.ts';
import { syncArchive } from '../../../app/archive/sync-archive.ts';
import type { SyncTask } from '../../../app/archive/sync-ports.ts';
import { TUNING } from '../../../core/archive/rclone-args.ts';
import type { BucketTransfer } from '../../../core/ports/bucket-transfer.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('an archive whose files change while it is sent', () => {
  let folder: string;
  let bucket: string;
  let task: SyncTask;
  beforeEach(async () => {
    [folder, bucket] = [await temporaryFolder(), await temporaryFolder()];
    for (const name of ['still.mp4', 'busy.mp4']) await writeFile(join(folder, name), `${name} as it was`);
    task = {
      ...{ direction: 'up', folder, tuning: TUNING },
      place: { bucket: 'b', prefix: '', region: 'us-east-1', endpoint: undefined },
    };
  });

  /** A folder stands for the bucket; `onSent` is called when everything was sent, each time. */
  function transferTo(onSent: (time: number) => Promise<void>): BucketTransfer & { readonly times: () => number } {
    let times = 0;
    const copy = async (paths: readonly string[]) => {
      for (const path of paths) {
        await mkdir(dirname(join(bucket, path)), { recursive: true });
        await copyFile(join(folder, path), join(bucket, path)).catch(() => undefined);
      }
      await onSent(++times);
      return { files: paths.length, bytes: 0, errors: [] };
    };
    return {
      times: () => times,
      send: async () =>
        copy((await readdir(folder, { withFileTypes: true })).flatMap((each) => (each.isFile() ? [each.name] : []))),
      sendAgain: (_, paths) => copy(paths),
      async *list() {
        const { files, hashes } = syncFolder(bucket);
        const signal = new AbortController().signal;
        for await (const { path, bytes } of files())
          yield { path, bytes, etag: (await hashes(path, TUNING.partMiB, { signal, onProgress: () => {} })).etag };
      },
      readBack: async () => new Map(),
      remove: async () => [],
      mount: async () => {},
    };
  }

  const sync = (transfer: BucketTransfer, ports = syncFolder(folder)) =>
    syncArchive(task, { folder: ports, transfer }, { signal: new AbortController().signal, onProgress: () => {} });

  it('ends with what changed once sent again', async () => {
    const transfer = transferTo(async (time) =>
      time === 1 ? appendFile(join(folder, 'busy.mp4'), ', and more') : undefined,
    );
    expect(await sync(transfer)).toMatchObject({ problems: [], verified: { byEtag: 2 } });
    expect((await stat(join(bucket, 'busy.mp4'))).size).toBe((await stat(join(folder, 'busy.mp4'))).size);
  });

  it('ends though a file changes as often as it is sent, and names that file alone', async () => {
    const transfer = transferTo(() => appendFile(join(folder, 'busy.mp4'), ', and more'));
    const { problems, verified } = await sync(transfer);
    expect(problems).toEqual([expect.stringMatching(/^busy\.mp4: it has \d+ bytes here, and \d+ in the bucket$/)]);
    expect(verified).toEqual({ byEtag: 1, byReading: 0 });
    expect(transfer.times()).toBeLessThanOrEqual(3);
  });

  it.each([
    {
      what: 'changes',
      change: (path: string) => appendFile(path, ', and more'),
    },
    { what: 'vanishes', change: (path: string) => rm(path) },
  ])('ends though a file $what while it is compared, and says that it is to be sent again', async ({ change }) => {
    const own = syncFolder(folder);
    const hashes: typeof own.hashes = async (path, ...rest) => {
      if (path === 'busy.mp4') await change(join(folder, path));
      return own.hashes(path, ...rest);
    };
    const { problems, verified } = await sync(
      transferTo(async () => {}),
      { ...own, hashes },
    );
    expect(problems).toEqual(['busy.mp4: it changed while it was sent; sync again']);
    expect(verified).toEqual({ byEtag: 1, byReading: 0 });
  });
});
