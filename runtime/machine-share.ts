import { readFile } from 'node:fs/promises';
import { availableParallelism, setPriority } from 'node:os';
import process from 'node:process';
import { usage } from '../core/errors.ts';
import { runProcess } from '../media/process/run-process.ts';

type MachineShare = {
  /** How many processors are used; all of them if left out. */
  readonly cores: number | undefined;
  /** How much others go first: 0 not at all, 19 whenever they want. */
  readonly nice: number;
  readonly signal: AbortSignal;
  report(message: string): void;
};

/**
 * Limits this process, and so every program that it starts from now on, to a share of the machine. Throws `usage` for more
 * processors than there are.
 */
export async function takeShare({ cores, nice, signal, report }: MachineShare): Promise<void> {
  if (nice > 0) lowerPriority(nice, report);
  if (cores === undefined) return;
  const all = availableParallelism();
  if (cores > all) throw usage(`--cores ${cores} is more than there are; it takes 1 to ${all}`);
  if (cores === all) return;
  try {
    const chosen = (await allowedProcessors()).slice(0, cores).join(',');
    await runProcess('taskset', ['-a', '-p', '-c', chosen, `${process.pid}`], { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    report(`this system cannot hold a program to ${cores} processors: encoders use as many as they like`);
  }
}

function lowerPriority(nice: number, report: (message: string) => void): void {
  try {
    setPriority(nice);
  } catch {
    report(`this system does not let us run at priority ${nice}`);
  }
}

/** The numbers of the processors that this process may use, as Linux lists them: 0-3,8. */
async function allowedProcessors(): Promise<readonly number[]> {
  const status = await readFile('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
