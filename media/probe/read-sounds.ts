import { createHash, type Hash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import type { SoundReading, SoundTask } from '../../core/ports/measurer.ts';
import { STEP_SECONDS } from '../../core/quality/sound-levels.ts';
import { kindFilters } from '../../core/streams/one-sound-kind.ts';
import { soundClock } from '../../core/streams/sound-clock.ts';
import { toNumber } from '../../core/units.ts';
import { readNutSound, type SoundBlock } from '../nut/read-nut-sound.ts';
import { LATER_SECONDS, soundOutput } from '../nut/sound-output.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { timedInputArguments } from './input-arguments.ts';

/** So many sounds are decoded by one process at most; each has a pipe of its own. */
const MOST_AT_ONCE = 16;
/** The lowest number of a pipe for bytes: ffmpeg's own pipes lie below it. */
const FIRST_PIPE = 4;

/**
 * Decodes sounds of one or more files to their ends, each file read once for all of its sounds. Returns of each its loudness over time and,
 * if requested, a hash of each channel's samples. A sound that cannot be read ends the reading of the others too, and then each is read
 * alone, so that the failure is its own. Throws `bad-input`.
 */
export async function readSounds(
  ffmpeg: string,
  tasks: readonly SoundTask[],
  signal: AbortSignal,
): Promise<readonly SoundReading[]> {
  if (tasks.length > 1 && tasks.length <= MOST_AT_ONCE) {
    try {
      return await readTogether(ffmpeg, tasks, signal);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    }
  }
  const found: SoundReading[] = [];
  for (const task of tasks) found.push(...(await readTogether(ffmpeg, [task], signal)));
  return found;
}

async function readTogether(
  ffmpeg: string,
  tasks: readonly SoundTask[],
  signal: AbortSignal,
): Promise<readonly SoundReading[]> {
  const outputs = tasks.map((task, i) => ({ task, fd: FIRST_PIPE + i, pipe: new PassThrough() }));
  const failed = new AbortController();
  const decoding = runFfmpeg(ffmpeg, soundArgs(outputs), {
    signal: AbortSignal.any([signal, failed.signal]),
    stdout: 'ignore',
    bytePipes: Object.fromEntries(outputs.map(({ fd, pipe }) => [fd, pipe])),
    blame: 'bad-input',
    doing: 'decoding the sound',
  });
  const reading = Promise.all(outputs.map(({ task, pipe }) => readingOf(task, pipe))).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  const [decoded, read] = await Promise.allSettled([decoding, reading]);
  if (decoded.status === 'rejected' && !isStopped(decoded.reason)) throw decoded.reason; // its readers fail by it, too
  if (read.status === 'rejected') throw read.reason;
  if (decoded.status === 'rejected') throw decoded.reason;
  return read.value;
}

const isStopped = (error: unknown): boolean => error instanceof ServiceError && error.code === 'interrupted';

async function readingOf({ hash }: SoundTask, pipe: AsyncIterable<Uint8Array>): Promise<SoundReading> {
  const levels = levelCollector();
  const times = soundClock();
  const hashes = hash === 'none' ? undefined : channelHashes(hash);
  for await (const block of readNutSound(pipe)) {
    levels.add(block);
    const { pts, timeBase, samples, channels, sampleRate } = block;
    times.add(pts * toNumber(timeBase), samples.length / channels / sampleRate);
    hashes?.add(block);
  }
  return { levels: levels.levels(), channels: hashes?.hashes() ?? [], ...times.found() };
}

/** The arguments that read each file once, and write each sound into its pipe. */
function soundArgs(outputs: readonly { readonly task: SoundTask; readonly fd: number }[]): string[] {
  const files = new Map(outputs.map(({ task }) => [task.path, task.access]));
  const numbers = new Map([...files.keys()].map((path, i) => [path, i]));
  const usedOf = (path: string) => outputs.flatMap(({ task }) => (task.path === path ? [task.stream] : []));
  return [
    ...ffmpegPreamble({ acceptsErrors: true }),
    ...[...files].flatMap(([path, access]) => timedInputArguments(path, access)),
    ...outputs.flatMap(({ task: { path, stream, kind }, fd }) => [
      ...['-map', `${numbers.get(path)}:${stream}`, ...(kind ? ['-af', kindFilters(kind)] : [])],
      ...['-c:a', 'pcm_s32le', ...soundOutput(fd)],
    ]),
    ...[...files].flatMap(([path, access], i) => countedFromStart(access, usedOf(path), i)),
  ];
}

const FULL_SCALE = 2 ** 31;
const MOST_STEPS = Math.round((2 * 24 * 3600) / STEP_SECONDS);
/** Room before the first block, since blocks of one sound may come slightly out of order. */
const SLACK = Math.round(1 / STEP_SECONDS);
const GROWTH = 1 << 16;

function levelCollector() {
  const bytes = new ArrayBuffer(0, { maxByteLength: 4 * MOST_STEPS });
  const energies = new Float32Array(bytes);
  let origin: number | undefined;
  let [begin, end] = [MOST_STEPS, 0];
  return {
    add({ pts, timeBase, sampleRate, channels, samples }: SoundBlock) {
      const perStep = sampleRate * STEP_SECONDS;
      const begins = (pts * toNumber(timeBase) - LATER_SECONDS) / STEP_SECONDS;
      origin ??= Math.floor(begins) - SLACK;
      const count = samples.length / channels;
      for (let i = 0; i < count; ) {
        const step = Math.floor(begins + i / perStep + 1e-9) - origin;
        const next = Math.min(count, Math.max(i + 1, Math.ceil((step + 1 + origin - begins) * perStep - 1e-6)));
        if (step >= 0 && step < MOST_STEPS) {
          if (step >= energies.length) bytes.resize(4 * Math.min(MOST_STEPS, step + GROWTH));
          energies[step] =
            (energies[step] ?? 0) + energyOf(samples, i * channels, next * channels) / (perStep * channels);
          begin = Math.min(begin, step);
          end = Math.max(end, step + 1);
        }
        i = next;
      }
    },
    levels: () => ({
      fromSeconds: ((origin ?? 0) + Math.min(begin, end)) * STEP_SECONDS,
      energies: energies.subarray(Math.min(begin, end), end),
    }),
  };
}

function energyOf(samples: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const value = (samples[i] ?? 0) / FULL_SCALE;
    sum += value * value;
  }
  return sum;
}

/** Hashes the samples of each channel. `sounding` leaves out samples of 0, so that inserted silence does not count. */
function channelHashes(which: 'all' | 'sounding') {
  const hashes: Hash[] = [];
  return {
    add({ samples, channels }: SoundBlock) {
      for (let channel = 0; channel < channels; channel++) {
        hashes[channel] ??= createHash('sha256');
        const own = new Int32Array(samples.length / channels);
        let count = 0;
        for (let i = channel; i < samples.length; i += channels) {
          const value = samples[i] ?? 0;
          if (value !== 0 || which === 'all') own[count++] = value;
        }
        hashes[channel]?.update(own.subarray(0, count));
      }
    },
    hashes: () => hashes.map((hash) => hash.digest('hex')),
  };
}
