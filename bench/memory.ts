import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement, Row } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';

/** What our own process holds at most, while the index of a long file is read and its segments are planned and begun. */
export const memory: Measurement = {
  name: 'memory',
  about:
    'Peak resident memory of our own process (VmHWM) with sources of 1, 10 and 24 hours at 30 frames a second, from start until the first segments are being encoded; then it is stopped.',
  async measure({ quick }) {
    const rows: Row[] = [];
    for (const minutes of quick ? [1] : [60, 600, 1439]) rows.push(await peakOf(minutes));
    return rows;
  },
};

async function peakOf(minutes: number): Promise<Row> {
  const source = await longClip(minutes);
  const out = join(await cacheFolder(), `memory-${minutes}`);
  const child = spawn(process.execPath, [CLI, 'run', source, '--recipe', 'preserve', '--out', out, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let peak = 0;
  let planned = false;
  child.stdout.on('data', (chunk: Buffer) => {
    planned ||= chunk.includes('"job.planned"');
  });
  let ended = false;
  const end = new Promise((resolve) => child.once('close', resolve)).then(() => {
    ended = true;
  });
  for (let after = 0; !ended && after < 40; after += planned ? 1 : 0) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    await sleep(100);
  }
  child.kill('SIGTERM');
  await end;
  await rm(out, { recursive: true, force: true });
  return {
    what: `${minutes / 60} h, ${minutes * 60 * 30} frames`,
    goal: 'under 200 MB',
    found: `${peak.toFixed(0)} MB`,
    met: peak < 200,
  };
}

/** A minute of tiny pictures, repeated by stream copy. */
async function longClip(minutes: number): Promise<string> {
  const minute = await once('memory-minute.mp4', (path) =>
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=64x64:r=30:d=60',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '60',
      path,
    ),
  );
  return once(`memory-${minutes}.mp4`, (path) =>
    ffmpeg('-stream_loop', `${minutes - 1}`, '-i', minute, '-c', 'copy', path),
  );
}
