import { join } from 'node:path';
import process from 'node:process';
import { bucketStorm, rowsOfBuckets } from '../../test/support/storms/bucket-faults.ts';
import { clockJumps, rowsOfClocks } from '../../test/support/storms/clock-jumps.ts';
import { rowsOfDisks, smallDisks } from '../../test/support/storms/small-disks.ts';
import type { Asked, Storm, StormTable } from './storm.ts';

export const faults: Storm = {
  name: 'faults',
  about:
    '`bucket`: the container program takes a film from a local S3 and back, while the way to the bucket has faults: each of eight kinds for a quarter of all requests, or for every request from a random one on. A job has to end with 0 and the bytes of an undisturbed one, or with 75 and one sentence; then the next attempt, on a good network, has to end so. `disk`: a run whose pieces, or whose results, lie on a disk (tmpfs) of a random size from 20 kB to 2 MB; it has to end with 0 or 73, and the next one, with room, with the bytes of an undisturbed run. `clock`: the clock of a run is set to another time in its middle, every other six times while a second process with the right time begins on the same film, as two machines with one drive are; the first may end with 75 if the other took its film, everything else has to be as if nothing had happened. Anything else, and anything half there, is a fault.',
  usual: 16,
  ways: ['bucket', 'disk', 'clock'],
  run: (asked) => {
    if (asked.way === 'clock') return underClocks(asked);
    return asked.way === 'disk' ? onDisks(asked) : inBucket(asked);
  },
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

async function underClocks({ count, folder, said }: Asked): Promise<StormTable> {
  const trials = await clockJumps(
    { count, said: ({ seed, jump, fault }) => said(fault && `${jump}, seed ${seed}: ${fault}`) },
    folder,
  );
  return {
    head: ['the clock jumps by', 'runs', 'with another process', 'whose film it took', 'faults'],
    rows: rowsOfClocks(trials),
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
