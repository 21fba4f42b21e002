// What CI runs after the tests. node scripts/check.mjs [name...] [--write]; without names, all of them.
import { join } from 'node:path';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, say } from './setup-error.mjs';

/** @type {Readonly<Record<string, readonly [program: string, ...args: string[]]>>} */
const CHECKS = {
  types: ['tsc', '--noEmit'],
  lint: ['biome', 'lint', '--error-on-warnings'],
  format: ['biome', 'format'],
};

await exitWith(async () => {
  const args = process.argv.slice(2);
  const names = args.filter((arg) => !arg.startsWith('-'));
  const options = args.filter((arg) => arg.startsWith('-'));
  const unknown = names.find((name) => !CHECKS[name]) ?? options.find((option) => option !== '--write');
  if (unknown !== undefined) {
    say(`no check "${unknown}"; there are: ${Object.keys(CHECKS).join(', ')}, and --write to put right what can be`);
    return 64;
  }
  await ensureReady({ need: ['packages'] });
  const failed = [];
  for (const name of names.length > 0 ? names : Object.keys(CHECKS)) {
    const [program = '', ...rest] = CHECKS[name] ?? [];
    console.log(`${name}: ${[program, ...rest, ...options].join(' ')}`);
    const code = await runHere(join(ROOT, 'node_modules', '.bin', program), [...rest, ...options], { cwd: ROOT });
    if (code !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
