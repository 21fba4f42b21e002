import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO } from './clips.ts';
import { type Measurement, median, ratio } from './measurement.ts';
import { pad, secondsToHash } from './padding.ts';
import { CLI, cacheFolder, mustRun, once } from './run.ts';

const ROUNDS = 5;

/** Measures a second run, which finds that there is nothing to do in about the time of reading the file. */
export const unchanged: Measurement = {
  name: 'unchanged',
  about:
    'A second run with nothing changed, from process start to end, against hashing the same file (SHA-256 by Node) in the process of the benchmark; medians of five. The file is a valid MP4 with a free box of noise at its end.',
  async measure({ quick }) {
    const megabytes = quick ? 8 : 2048;
    const source = await once(`padded-${megabytes}.mp4`, async (path) => {
      await copyFile(DEMO, path);
      await pad(path, megabytes);
    });
    const folder = await mkdtemp(join(await cacheFolder(), 'unchanged-'));
    const args = [CLI, 'run', source, '--recipe', 'preserve', '--out', folder, '--set', 'preset=ultrafast'];
    try {
      await mustRun(process.execPath, args);
      const hashing: number[] = [];
      const again: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        hashing.push(await secondsToHash(source));
        again.push((await mustRun(process.execPath, args)).seconds);
      }
      const [ours, bare] = [median(again), median(hashing)];
      return [
        ratio(
          `second run of ${megabytes} MB / hashing it`,
          ours / bare,
          1.2,
          `${ours.toFixed(2)} s / ${bare.toFixed(2)} s`,
        ),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
