#!/usr/bin/env node
// The command, from a checkout: node scripts/reelmill.mjs <args>, or npm run -s reelmill -- <args>
import { runBuilt } from './run-built.mjs';
import { ensureReady } from './setup.mjs';
import { becomes } from './setup-error.mjs';

await becomes(async () => {
  await ensureReady({ need: ['packages'] });
  await runBuilt('cli');
});
