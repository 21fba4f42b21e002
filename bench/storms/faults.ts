import { join } from 'node:path';
import process from 'node:process';
import { bucketStorm, rowsOfBuckets } from '../../test/support/storms/bucket-faults.ts';
import { rowsOfDisks, smallDisks } from '../../test/support/storms/small-disks.ts';
import type { Asked, Storm, StormTable } from './storm.ts';

export const faults: Storm = {
  name: 'faults',
  about:
    '`bucket`: the container program takes a film from a local S3 and back, while the way to the bucket has faults: each of eight kinds for a quarter of all requests, or for every request from a random one on. A job has to end with 0 and the bytes of an undisturbed one, or with 75 and one sentence; then the next attempt, on a good network, has to end so. `disk`: a run whose pieces, or whose results, lie on a disk (tmpfs) of a random size from 20 kB to 2 MB; it has to end with 0 or 73, and the next one, with room, with the bytes of an undisturbed run. Anything else, and anything half there, is a fault.',
  usual: 16,
  ways: ['bucket', 'disk'],
  run: (asked) => (asked.way === 'disk' ? onDisks(asked) : inBucket(asked)),
};

async function inBucket({ count, folder, said }: Asked): Promise<StormTable> {
  const trials = await bucketStorm(
    {
      ...{ count, program: join(process.cwd(), 'dist', 'encode.js') },
      said: ({ network, how, seed, fault }) => said(fault && `${network} (${how}), seed ${seed}: ${fault}`),
    },
    folder,
  );
  return {
    head: ['the network', 'jobs', 'requests with a fault', 'done at once', 'done by the next attempt', 'faults'],
    rows: rowsOfBuckets(trials),
    faults: trials.filter(({ fault }) => fault !== undefined).length,
  };
}

async function onDisks({ count, folder, said }: Asked): Promise<StormTable> {
  const trials = await smallDisks(
    { count, said: ({ seed, disk, bytes, fault }) => said(fault && `${disk}, ${bytes} bytes, seed ${seed}: ${fault}`) },
    folder,
  );
  return {
    head: ['what is small', 'runs', 'done at once', '73, then done', 'faults'],
    rows: rowsOfDisks(trials),
    faults: trials.filter(({ fault }) => fault !== undefined).length,
  };
}
