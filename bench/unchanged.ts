import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Measurement, median, ratio } from './measurement.ts';
import { CLI, cacheFolder, must, once } from './run.ts';

const ROUNDS = 5;

/** A second run finds that there is nothing to do at about the price of reading the file. */
export const unchanged: Measurement = {
  name: 'unchanged',
  about:
    'A second run with nothing changed, from process start to end, against hashing the same file (SHA-256 by Node) in this process; medians of five. The file is a valid MP4 with a free box of noise behind it.',
  async measure({ quick }) {
    const megabytes = quick ? 8 : 2048;
    const source = await once(`padded-${megabytes}.mp4`, (path) => padded(path, megabytes));
    const folder = await mkdtemp(join(await cacheFolder(), 'unchanged-'));
    const args = [CLI, 'run', source, '--recipe', 'preserve', '--out', folder, '--set', 'preset=ultrafast'];
    try {
      await must(process.execPath, args);
      const hashing: number[] = [];
      const again: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        hashing.push(await secondsToHash(source));
        again.push((await must(process.execPath, args)).seconds);
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

async function padded(path: string, megabytes: number): Promise<void> {
  await copyFile('demo/clips/VID_20191220_170832.mp4', path);
  const noise = Buffer.alloc(1 << 20);
  for (let i = 0; i < noise.length; i += 4) noise.writeUInt32LE((Math.imul(i, 2654435761) ^ (i >>> 3)) >>> 0, i);
  const head = Buffer.alloc(16); // ISO/IEC 14496-12 4.2: size 1 announces a 64-bit size
  head.writeUInt32BE(1, 0);
  head.write('free', 4);
  head.writeBigUInt64BE(BigInt(megabytes) * (1n << 20n) + 16n, 8);
  await appendFile(path, head);
  for (let i = 0; i < megabytes; i++) await appendFile(path, noise);
}

async function secondsToHash(path: string): Promise<number> {
  const started = performance.now();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) hash.update(chunk);
  hash.digest();
  return (performance.now() - started) / 1000;
}
