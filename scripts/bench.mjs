// Measures, against bare ffmpeg in the same run: npm run bench -- <args of bench/main.ts>
import { buildIfStale } from './build.mjs';
import { runBuilt } from './run-built.mjs';
import { ensureReady } from './setup.mjs';
import { becomes } from './setup-error.mjs';

await becomes(async () => {
  await ensureReady({ need: ['packages', 'ffmpeg'], optional: ['ffmpeg7'] });
  await buildIfStale('cli'); // what is measured
  await runBuilt('bench');
});
