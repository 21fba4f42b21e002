import { join } from 'node:path';
import process from 'node:process';
import { containerKills } from '../../test/support/storms/container-kills.ts';
import { type Kill, rowsOfKills, runsKilled } from '../../test/support/storms/kills.ts';
import type { Storm } from './storm.ts';

export const kills: Storm = {
  name: 'kills',
  about:
    '`machine`: a film of two to four seconds goes through each work, which gets SIGKILL at a random moment (the same one for the same seed), and every fifth time SIGTERM; `join` and `publish` are runs of `preserve` that are killed between the last segment and the verification, and from there to the end. Then it is run again, `watch` with `--once`. `container`: the container program takes a film from a local S3 and back by `preserve` and `ladder`, is killed likewise at a moment between its start and its end, and Batch starts its next attempt. A fault is: a source that changed, a file among the results that is not whole after the kill, a process that is left behind, a run after it that does not end with 0, bytes other than those of an undisturbed run, more encodes made again than were in the encoders at the kill, or more than 25 s between SIGTERM and the end.',
  usual: 30,
  ways: ['machine', 'container'],
  async run({ count, way, folder, said }) {
    const tell = ({ work, seed, fault }: Kill) => said(fault && `${work}, seed ${seed}: ${fault}`);
    const trials =
      way === 'container'
        ? await containerKills({ count, said: tell, program: join(process.cwd(), 'dist', 'encode.js') }, folder)
        : await runsKilled({ count, said: tell }, folder);
    return {
      head: [
        ...['work', 'SIGKILL', 'SIGTERM', 'had ended before', 'seconds from SIGTERM to the end, at most'],
        ...['segments encoded again, at most', 'faults'],
      ],
      rows: rowsOfKills(trials),
      faults: trials.filter(({ fault }) => fault !== undefined).length,
    };
  },
};
