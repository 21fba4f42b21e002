import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The command lines of all processes that were given this text among their arguments: a folder of the test's own. */
export async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args='], { maxBuffer: 1 << 26 });
  return stdout.split('\n').filter((line) => line.includes(text));
}

/** Waits until it holds; gives up before jest does, for the sake of the test's message. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_500 && !(await holds()); i++) await sleep(100);
}

/** Resolves when the process has ended, which need not be a child of ours. */
export async function hasEnded(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

/** Whether the process runs. A zombie does not: some containers have no init that would reap it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch (error) {
    return process.platform !== 'linux' && Object(error).code !== 'ESRCH'; // an error of another context is no instance of Error here
  }
}
