import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
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
  await once(spawn('tail', [`--pid=${pid}`, '--follow', '/dev/null']), 'close');
}
