import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One sound of a file as plain PCM, a row of numbers from -1 to 1 for each channel. */
export async function channelsOf(path: string, stream = 'a:0'): Promise<readonly Float64Array[]> {
  // A WAV tells how many channels there are, so that nobody has to be asked before.
  const { stdout: wav } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-map', `0:${stream}`, '-c:a', 'pcm_s32le', '-bitexact', '-f', 'wav', '-'],
    { encoding: 'buffer', maxBuffer: 1 << 28 },
  );
  const channels = wav.readUInt16LE(22);
  const samples = wav.subarray(wav.indexOf('data') + 8);
  const count = samples.length / 4 / channels;
  return Array.from({ length: channels }, (_, channel) =>
    Float64Array.from({ length: count }, (_, i) => samples.readInt32LE(4 * (i * channels + channel)) / 2 ** 31),
  );
}

export const hashOf = (samples: Float64Array): string =>
  createHash('sha256')
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest('hex');

/** In decibels below full scale. */
export const loudness = (samples: Float64Array): number =>
  10 * Math.log10(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);

/** The seconds at which sound of some loudness begins, after silence of at least a tenth of a second. */
export function beginnings(samples: Float64Array, rate: number, level = 0.05): readonly number[] {
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i] ?? 0) < level) continue;
    if (i - last > rate / 10) found.push(i / rate);
    last = i;
  }
  return found;
}
