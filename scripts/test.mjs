// Sets up, builds, then runs jest with whatever arguments it is given: npm test -- test/core -t 'a name'
// With --browser first it runs the tests that need one, and those alone: npm run test:browser. With --wide, those that
// take long: npm run test:wide
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { buildWebIfStale } from './build-web.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

const browser = process.argv[2] === '--browser';
const wide = process.argv[2] === '--wide';

await exitWith(async () => {
  const need = [
    'packages',
    'ffmpeg',
    ...(browser ? ['chromium'] : ['mediainfo', 'mkvtoolnix', 'exiftool', 'faketime']),
  ];
  await ensureReady({ need, optional: browser ? [] : ['ffmpeg7', 'tesseract', 'torch', 'rclone'] });
  await buildIfStale('cli');
  if (browser) await buildWebIfStale();
  // As arguments and not through NODE_OPTIONS, which every program that a test starts would inherit.
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const config = browser ? 'jest.browser.config.mjs' : wide ? 'jest.wide.config.mjs' : undefined;
  const tests = config ? ['--config', config, ...process.argv.slice(3)] : process.argv.slice(2);
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' }; // networks also run within tests
  return runHere(process.execPath, [...node, jest, ...tests], { cwd: ROOT, env });
});
