import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A run of the built command that is to be interrupted. */
export type KillableRun = { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv };

/** Starts a run and ends it by SIGKILL after this time, unless it ends earlier. */
export async function killAfter({ args, env }: KillableRun, seconds: number): Promise<void> {
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([sleep(seconds * 1000), ended]);
  child.kill('SIGKILL');
  await ended;
  await sleep(500); // encoders whose parent is gone end at their next packet
}

/** Returns the SHA-256 of a file. */
export const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
