import { join } from 'node:path';
import { startProgram } from '../support/started-program.ts';
import type { Stage } from './stage.ts';
import { linesOf } from './steps.ts';

/** Runs the built command on the deployed stage, and returns the events that it tells programs of. Throws unless it ends with 0. */
export async function command(stage: Stage, ...words: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const args = [join('dist', 'cli.js'), ...words, '--stage', 'local', '--json'];
  const env = { ...process.env, ...stage.aws, AWS_ACCESS_KEY_ID: 'test' };
  const { code, stdout, stderr } = await startProgram(process.execPath, args, { env }).ended;
  stage.ran({ what: `reelmill ${words[0]}`, exitCode: code, lastLines: linesOf(stderr) });
  if (code !== 0) throw new Error(`reelmill ${words.join(' ')} ended with ${code}`);
  return linesOf(stdout).map((line) => JSON.parse(line));
}
