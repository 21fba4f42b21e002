import process from 'node:process';
import { mutationStorm, rowsOf } from '../../test/support/storms/mutations.ts';
import { planner } from '../../test/support/storms/planner.ts';
import type { Storm } from './storm.ts';

/** The argument that makes this program one that plans files for the storm. */
export const PLANNER = 'planner';

export const mutations: Storm = {
  name: 'mutations',
  about:
    'Small films in twelve containers are damaged in ten ways, each file differently, and go through probe and plan (`--way plan`) or are encoded and published (`--way whole`). A file may be done (exit code 0) or refused (65). Any other code, a hang, or a published film with other frames than ffprobe counts in its source without a word of it, is a fault. The last columns say what bare ffmpeg makes of the same files: how often it ends with 0, and how many of those files are refused here.',
  usual: 100,
  ways: ['plan', 'whole'],
  async run({ count, way, folder, said }) {
    const plans = planner([process.argv[1] ?? '', PLANNER]);
    try {
      const trials = await mutationStorm(
        {
          ...{ way: way === 'whole' ? 'whole' : 'plan', count, planner: plans },
          said: ({ seed, original, mutation, fault }) =>
            said(fault && `${original}, ${mutation}, seed ${seed}: ${fault}`),
        },
        folder,
      );
      return {
        head: ['damage', 'files', 'done', 'refused', 'faults', 'ffmpeg: 0', 'of these refused'],
        rows: rowsOf(trials),
        faults: trials.filter(({ fault }) => fault !== undefined).length,
      };
    } finally {
      await plans.close();
    }
  },
};
