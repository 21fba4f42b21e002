// Sets up, builds, then runs jest with whatever arguments it is given: npm test -- test/core -t 'a name'
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

await exitWith(async () => {
  await ensureReady({ need: ['packages', 'ffmpeg'], optional: ['ffmpeg7'] });
  await buildIfStale('cli');
  // As arguments and not through NODE_OPTIONS, which every program that a test starts would inherit.
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  return runHere(process.execPath, [...node, jest, ...process.argv.slice(2)], { cwd: ROOT });
});
