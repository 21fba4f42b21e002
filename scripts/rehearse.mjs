// The deployed stack, end to end, on this machine: npm run rehearse
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { buildTask } from './build-task.mjs';
import { buildWebIfStale } from './build-web.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

await exitWith(async () => {
  await ensureReady({ need: ['packages', 'ffmpeg'] });
  const { build } = await import('esbuild');
  const outfile = join(ROOT, 'node_modules', '.cache', 'reelmill-rehearsal', 'rehearse.mjs');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/rehearsal/rehearse.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  await buildWebIfStale(); // the function of the API has the pages in its zip
  // what the image runs
  const program = await buildTask('encode');
  // what steers the stage from here
  await buildIfStale('cli');
  return runHere(process.execPath, [outfile, '--program', program, ...process.argv.slice(2)], { cwd: ROOT });
});
