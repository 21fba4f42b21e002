// Tries to break the built command, and keeps a record: npm run prove -- <args of bench/prove.ts>
import { buildIfStale } from './build.mjs';
import { runBuilt } from './run-built.mjs';
import { ensureReady } from './setup.mjs';
import { becomes } from './setup-error.mjs';

await becomes(async () => {
  await ensureReady({ need: ['packages', 'ffmpeg'] });
  await buildIfStale('cli'); // what is tried
  await buildIfStale('encode');
  await runBuilt('prove');
});
