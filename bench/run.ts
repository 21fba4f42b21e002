import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export const CLI = join('dist', 'cli.js');

export type TimedRun = { readonly seconds: number; readonly code: number | null; readonly stdout: string };

/** Runs a program to its end and returns how long it took. stderr is discarded. */
export function timedRun(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<TimedRun> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ seconds: (performance.now() - started) / 1000, code, stdout: Buffer.concat(chunks).toString() }),
    );
  });
}

/** Runs a program to its end, and throws if it fails. */
export async function mustRun(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<TimedRun> {
  const result = await timedRun(command, args, env);
  if (result.code !== 0) throw new Error(`${command} ${args.slice(0, 6).join(' ')} ... ended with ${result.code}`);
  return result;
}

export const ffmpeg = (...args: readonly string[]) =>
  mustRun('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args]);

/** Returns a folder that is kept between runs, for sources that take long to make. */
export async function cacheFolder(): Promise<string> {
  const folder = join(tmpdir(), 'reelmill-bench');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Makes a file unless it is in the cache folder already, and returns its path. `make` gets the path. */
export async function once(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const folder = await cacheFolder();
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const half = join(folder, `half-${process.pid}-${name}`); // of two runs at once, neither takes what the other has half made
  await make(half);
  await rename(half, path);
  return path;
}

/** Returns the path of an ffmpeg with libvmaf, that of Python's imageio_ffmpeg. */
export function toolWithVmaf(): string {
  return execFileSync('python3', ['-c', 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())'], {
    encoding: 'utf8',
  }).trim();
}
