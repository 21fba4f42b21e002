import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement, ResultRow } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';

/** Measures the most memory that our own process uses with long files. */
export const memory: Measurement = {
  name: 'memory',
  about:
    'Peak resident memory of our own process (VmHWM) with sources of 1, 10 and 24 hours at 30 frames a second, from the start until the first segments are being encoded; the process is then stopped. Rows with "the whole run" include the verification. Pictures that are decoded in another order than they are shown (B-frames) need a second list of their times.',
  async measure({ quick }) {
    const rows: ResultRow[] = [];
    for (const minutes of quick ? [1] : [60, 600, 1439]) rows.push(await peakOf({ minutes, bFrames: false }, 'begin'));
    rows.push(await peakOf({ minutes: quick ? 1 : 1439, bFrames: true }, 'begin'));
    for (const minutes of quick ? [1] : [600, 1439]) rows.push(await peakOf({ minutes, bFrames: true }, 'whole'));
    return rows;
  },
};

type LongClip = { readonly minutes: number; readonly bFrames: boolean };

async function peakOf(film: LongClip, until: 'begin' | 'whole'): Promise<ResultRow> {
  const { minutes, bFrames } = film;
  const source = await longClip(film);
  const out = join(await cacheFolder(), `memory-${minutes}`);
  await rm(out, { recursive: true, force: true });
  const settings = ['--set', 'preset=ultrafast', '--set', 'evenIfLarger=true'];
  const child = spawn(
    process.execPath,
    [CLI, 'run', source, '--recipe', 'preserve', '--out', out, '--json', ...settings],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let peak = 0;
  let planned = false;
  child.stdout.on('data', (chunk: Buffer) => {
    planned ||= chunk.includes('"job.planned"');
  });
  let ended = false;
  const end = new Promise((resolve) => child.once('close', resolve)).then(() => {
    ended = true;
  });
  for (let after = 0; !ended && (until === 'whole' || after < 40); after += planned ? 1 : 0) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    await sleep(100);
  }
  child.kill('SIGTERM');
  await end;
  if (until === 'whole' && child.exitCode !== 0) throw new Error(`the run of ${source} ended with ${child.exitCode}`);
  await rm(out, { recursive: true, force: true });
  return {
    what: `${Math.round(minutes / 60)} h, ${minutes * 60 * 30} frames${bFrames ? ', B-frames' : ''}${until === 'whole' ? ', the whole run' : ''}`,
    goal: 'under 200 MB',
    found: `${peak.toFixed(0)} MB`,
    met: peak < 200,
  };
}

/** Returns the path of a long film: a minute of tiny pictures, repeated by stream copy. */
async function longClip({ minutes, bFrames }: LongClip): Promise<string> {
  const name = bFrames ? 'memory-b' : 'memory';
  const minute = await once(`${name}-minute.mp4`, (path) =>
    ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=30:d=60', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60'],
      ...['-bf', bFrames ? '2' : '0', path],
    ),
  );
  return once(`${name}-${minutes}.mp4`, (path) =>
    ffmpeg('-stream_loop', `${minutes - 1}`, '-i', minute, '-c', 'copy', path),
  );
}
