#!/usr/bin/env node
// The command: what was built into the package, or, from a checkout (npm link, npm i -g .), its current sources.
import { existsSync, readFileSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `reelmill: Node.js ${process.versions.node} is too old: install 20.19 or later, then try again\n`,
  );
  process.exit(69);
}
// scripts ask for the version before each of their calls: the answer needs nothing that is built
const [first = '', ...others] = process.argv.slice(2);
if (['--version', '-V'].includes(first) && others.length === 0) {
  process.stdout.write(`${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}\n`);
  process.exit(0);
}
const checkout = new URL('../scripts/reelmill.mjs', import.meta.url);
await import(existsSync(checkout) ? checkout.href : new URL('../lib/cli.js', import.meta.url).href);
