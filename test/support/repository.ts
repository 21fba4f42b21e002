import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** What is or would be committed, as paths relative to the root, where tests run. */
export async function filesOfTheRepository(): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 1 << 26 });
  return [...new Set(stdout.split('\0'))].filter((path) => path !== '' && existsSync(path));
}
