import { type Measurement, median } from './measurement.ts';
import { CLI, mustRun } from './run.ts';

const ROUNDS = 20;

/** Measures how long the command takes to start. */
export const start: Measurement = {
  name: 'start',
  about: 'The command from process start to end: `node dist/cli.js --help`, median of 20.',
  async measure() {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      times.push((await mustRun(process.execPath, [CLI, '--help'])).seconds * 1000);
    const found = median(times);
    return [{ what: '--help', goal: 'under 200 ms', found: `${found.toFixed(0)} ms`, met: found < 200 }];
  },
};
