import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs something that is given the environment variables by which a program finds its temporary folder, and removes that
 * folder afterwards: serverless-esbuild leaves a copy of each function's bundle there.
 * @template T
 * @param {(variables: { TMPDIR: string, TEMP: string, TMP: string }) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withTemporaryFolder(run) {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-package-'));
  try {
    return await run({ TMPDIR: folder, TEMP: folder, TMP: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
