#!/usr/bin/env node
// The command, from a checkout: node scripts/reelmill.mjs <args>, or npm run -s reelmill -- <args>
import { buildPlayerIfStale } from './build-player.mjs';
import { buildWebIfStale } from './build-web.mjs';
import { runBuilt } from './run-built.mjs';
import { ensureReady } from './setup.mjs';
import { becomes } from './setup-error.mjs';

// npm run works in the package's folder; the names of files are meant from where it was typed.
const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
if (script === 'reelmill' && typedIn) process.chdir(typedIn);

await becomes(async () => {
  await ensureReady({ need: ['packages'] });
  if (process.argv.includes('serve')) await buildWebIfStale();
  if (process.argv.includes('gallery')) await buildPlayerIfStale();
  await runBuilt('cli');
});
