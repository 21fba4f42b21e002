import { mustRun } from './run.ts';

/** Runs a program and returns the CPU time of it and of all programs that it started and waited for, in seconds. */
export async function cpuSecondsOf(command: readonly string[]): Promise<number> {
  const { stdout } = await mustRun('sh', ['-c', '"$@" >&2 || exit 1; times', 'sh', ...command]);
  const [, ofChildren = ''] = stdout.split('\n');
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

/** Runs a program and returns its CPU time with that of all it started, and the time that went by, in seconds. */
export async function costOf(command: readonly string[]): Promise<{ readonly cpu: number; readonly seconds: number }> {
  const began = performance.now();
  const cpu = await cpuSecondsOf(command);
  return { cpu, seconds: (performance.now() - began) / 1000 };
}
