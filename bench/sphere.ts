import { spawn } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { newBox } from '../core/bytes/boxes.ts';
import { withSpherical } from '../core/film/spherical.ts';
import { editMovie } from '../media/join/edit-movie.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';

/** Measures memory and disk space for a film in 8K, and whether a longer film needs more. */
export const sphereBench: Measurement = {
  name: 'sphere',
  about:
    'A noisy 7680x3840 equirectangular film with an sv3d box, recipe sphere (8K, 4K, 1440p), preset ultrafast, segments of one second. Memory is the sum of the resident sets of the command and all its ffmpegs, read several times a second. Disk is what lies below --out in addition to the pieces and files that stay.',
  async measure({ quick }) {
    const size = quick ? '256x128' : '7680x3840';
    const rows: ResultRow[] = [];
    for (const seconds of [2, 4]) rows.push(await peaksOf(size, seconds));
    return rows;
  },
};

async function peaksOf(size: string, seconds: number): Promise<ResultRow> {
  const source = await filmOf(size, seconds);
  const out = join(await cacheFolder(), 'sphere-out');
  await rm(out, { recursive: true, force: true });
  const settings = ['--set', 'preset=ultrafast', '--set', 'segmentSeconds=1'];
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, 'run', source, '--recipe', 'sphere', '--out', out, ...settings], {
    stdio: 'ignore',
  });
  let code: number | null | undefined;
  child.once('close', (ended) => {
    code = ended;
  });
  let memory = 0;
  let disk = 0;
  while (code === undefined) {
    memory = Math.max(memory, await residentBelow(child.pid ?? 0));
    disk = Math.max(disk, await bytesBelow(out));
    await sleep(200);
  }
  if (code !== 0) throw new Error(`the sphere of ${seconds} s ended with ${code}`);
  const took = (performance.now() - started) / 1000;
  const stays = await bytesBelow(out);
  await rm(out, { recursive: true, force: true });
  const gigabytes = (memory / 1e9).toFixed(2);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return {
    what: `${size}, ${seconds} s`,
    found: `${gigabytes} GB of memory at most; ${megabytes(Math.max(0, disk - stays))} MB of disk besides the ${megabytes(stays)} MB that stay; ${took.toFixed(0)} s`,
  };
}

async function filmOf(size: string, seconds: number): Promise<string> {
  return once(`sphere-${size}-${seconds}.mp4`, async (path) => {
    await ffmpeg(
      ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`, '-vf', 'noise=alls=6:allf=t'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p', '-g', '25', path],
    );
    const full = (bytes: number) => Buffer.alloc(4 + bytes);
    const projection = newBox('proj', newBox('prhd', full(12)), newBox('equi', full(16)));
    const sv3d = newBox('sv3d', newBox('svhd', full(1)), projection);
    const spherical = { st3d: undefined, sv3d, xmp: undefined, sa3d: new Map() };
    await editMovie(path, (moov) => withSpherical(moov, spherical), { signal: new AbortController().signal });
  });
}

type Process = { readonly pid: number; readonly parent: number; readonly bytes: number };

/**
 * Returns the sum of the resident sets of a process and its descendants. Memory that they share counts more than once.
 */
async function residentBelow(root: number): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map((name) => processOf(Number(name))))).filter((each) => each !== undefined);
  const family = new Set([root]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.reduce((sum, { pid, bytes }) => sum + (family.has(pid) ? bytes : 0), 0);
}

async function processOf(pid: number): Promise<Process | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { pid, parent: field('PPid'), bytes: field('VmRSS') * 1024 };
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) =>
    stat(join(parentPath, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
