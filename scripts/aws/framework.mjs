import { join } from 'node:path';
import { runHere } from '../child.mjs';
import { exclusively } from '../exclusively.mjs';
import { ROOT } from '../setup.mjs';
import { withTemporaryFolder } from '../temporary-folder.mjs';

export const DEPLOYED_STAGES = /** @type {const} */ (['dev', 'test', 'prod']);

/** Where a stage's template and its functions' zips lie once they are packaged. */
export const packageFolder = (/** @type {string} */ stage) => join(ROOT, '.cache', 'stack', stage);

/** The framework packages into .serverless, whoever asks: one at a time in a checkout. */
export const PACKAGE_LOCK = join('.cache', 'package.lock');

/**
 * Runs the Serverless Framework of this checkout in this terminal and gives its exit code.
 * @param {string} command
 * @param {{ stage: string, param: readonly string[] }} of
 * @param {readonly string[]} [more]
 */
export function framework(command, { stage, param }, more = []) {
  const program = join(ROOT, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const params = param.flatMap((pair) => ['--param', pair]);
  const args = [program, command, '--stage', stage, ...params, ...more];
  return exclusively(join(ROOT, PACKAGE_LOCK), () =>
    withTemporaryFolder((variables) =>
      runHere(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...variables } }),
    ),
  );
}
