import { createHash, type Hash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { SoundReading, SoundTask } from '../../core/ports/measurer.ts';
import { STEP_SECONDS } from '../../core/quality/sound-levels.ts';
import { kindFilters } from '../../core/streams/one-sound-kind.ts';
import { soundClock } from '../../core/streams/sound-clock.ts';
import { toNumber } from '../../core/units.ts';
import { readNutSound, type SoundBlock } from '../nut/read-nut-sound.ts';
import { LATER_SECONDS, soundOutput } from '../nut/sound-output.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { timedInputArguments } from './input-arguments.ts';

/** Decodes one sound to its end. Returns its loudness over time and, if requested, a hash of each channel's samples. */
export async function readSound(ffmpeg: string, task: SoundTask, signal: AbortSignal): Promise<SoundReading> {
  const pipe = new PassThrough();
  const failed = new AbortController();
  const decoding = runFfmpeg(ffmpeg, soundArgs(task), {
    signal: AbortSignal.any([signal, failed.signal]),
    stdout: pipe,
    blame: 'bad-input',
    doing: 'decoding the sound',
  });
  const levels = levelCollector();
  const times = soundClock();
  const hashes = task.hash === 'none' ? undefined : channelHashes(task.hash);
  const reading = (async () => {
    for await (const block of readNutSound(pipe)) {
      levels.add(block);
      const { pts, timeBase, samples, channels, sampleRate } = block;
      times.add(pts * toNumber(timeBase), samples.length / channels / sampleRate);
      hashes?.add(block);
    }
  })().catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  const [decoded, read] = await Promise.allSettled([decoding, reading]);
  if (decoded.status === 'rejected' && !failed.signal.aborted) throw decoded.reason;
  if (read.status === 'rejected') throw read.reason;
  return { levels: levels.levels(), channels: hashes?.hashes() ?? [], ...times.found() };
}

const soundArgs = ({ path, access, stream, kind }: SoundTask): string[] => [
  ...ffmpegPreamble({ acceptsErrors: true }),
  ...timedInputArguments(path, access),
  ...['-map', `0:${stream}`, ...(kind ? ['-af', kindFilters(kind)] : []), '-c:a', 'pcm_s32le', ...soundOutput()],
];

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
