import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale } from './build.mjs';
import { ROOT } from './setup.mjs';
import { showSourcePositions } from './source-positions.mjs';

/**
 * Builds if need be and goes on as the built program, in this very process: signals, exit code and terminal are its
 * own, with nothing in between that could pass them on wrongly.
 * @param {Parameters<typeof buildIfStale>[0]} name
 */
export async function runBuilt(name) {
  await buildIfStale(name);
  const program = join(ROOT, 'dist', `${name}.js`);
  process.argv[1] = program;
  showSourcePositions(join(ROOT, 'dist'));
  await import(pathToFileURL(program).href);
}
