import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

export type RunPeaks = { readonly seconds: number; readonly peakBytes: number; readonly peakMemory: number };

type WatchedCommand = { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly out: string };

/** Runs the command to its end and returns its time, its peak disk use and its peak memory. */
export async function watched({ args, env, out }: WatchedCommand): Promise<RunPeaks> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  let code: number | null | undefined;
  child.once('close', (ended) => {
    code = ended;
  });
  let [peakBytes, peakMemory] = [0, 0];
  while (code === undefined) {
    peakBytes = Math.max(peakBytes, await bytesBelow(out));
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakMemory = Math.max(peakMemory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    await sleep(50);
  }
  if (code !== 0) throw new Error(`reelmill ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, peakBytes, peakMemory };
}

async function bytesBelow(folder: string): Promise<number> {
  const all = await readdir(folder, { recursive: true }).catch(() => []);
  const names = all.filter((name) => !name.includes('jobs.sqlite'));
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (each) => (each.isFile() ? each.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
