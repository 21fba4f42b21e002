import { join } from 'node:path';
import { bucketStorm, rowsOfBuckets } from '../../test/support/storms/bucket-faults.ts';
import type { Storm } from './storm.ts';

export const faults: Storm = {
  name: 'faults',
  about:
    'The container program takes a film from a local S3 and back, while the way to the bucket has faults: each of eight kinds for a quarter of all requests, or for every request from a random one on. A job has to end with 0 and the bytes of an undisturbed one, or with 75 and one sentence; then the next attempt, on a good network, has to end so. Anything else, and anything half there, is a fault.',
  usual: 16,
  ways: [],
  async run({ count, folder, said }) {
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
  },
};
