import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beginnings } from './samples.ts';

const run = promisify(execFile);
const RATE = 48_000;

/** When the picture of a black film turns white, and when sound begins after silence, in seconds by the times of the file. */
export async function flashesAndBeepsIn(
  path: string,
): Promise<{ flashes: readonly number[]; beeps: readonly number[] }> {
  // One program writes both, what it says of the picture to stderr, which is for that alone: it takes longer to start than to read a clip.
  const levels = [
    '-vf',
    "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file='pipe\\:2'",
    '-fps_mode',
    'passthrough',
  ];
  // gaps between packets become silence, so that a place in the samples is a time
  const filled = ['-af', 'aresample=async=1:min_hard_comp=0.001:first_pts=0', '-ac', '1', '-ar', `${RATE}`];
  const { stdout: bytes, stderr } = await run(
    'ffmpeg',
    [
      ...['-v', 'fatal', '-copyts', '-i', path, '-map', '0:v:0', ...levels, '-f', 'null', '-'],
      ...['-map', '0:a:0', ...filled, '-f', 'f32le', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 64 << 20 },
  );
  const shown = [...stderr.toString().matchAll(/pts_time:(\S+)\n.*YAVG=(\S+)/g)].map(([, time, level]) => ({
    seconds: Number(time),
    isWhite: Number(level) > 128,
  }));
  const flashes = shown.filter(({ isWhite }, i) => isWhite && !shown[i - 1]?.isWhite).map(({ seconds }) => seconds);
  const samples = Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
  return { flashes, beeps: beginnings(samples, RATE) };
}
