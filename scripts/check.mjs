// What CI runs after the tests. node scripts/check.mjs [name...] [--write]; without names, all of them.
import { join } from 'node:path';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError, say } from './setup-error.mjs';

/** @type {Readonly<Record<string, (options: readonly string[]) => Promise<number>>>} */
const CHECKS = {
  async types(options) {
    const house = await packaged('tsc', ['--noEmit', ...options]);
    const pages = await packaged('tsc', ['--noEmit', '--project', 'web', ...options]);
    return house || pages;
  },
  lint: (options) => packaged('biome', ['lint', '--error-on-warnings', ...options]),
  format: (options) => packaged('biome', ['format', ...options]),
  async python() {
    console.log('python3: every file parses');
    try {
      return await runHere('python3', ['-c', PARSE], { cwd: ROOT });
    } catch (cause) {
      throw new SetupError('python3 not found on the PATH: install it, or name the other checks', {
        output: `${cause}\n`,
      });
    }
  },
};

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function packaged(program, args) {
  console.log([program, ...args].join(' '));
  return runHere(join(ROOT, 'node_modules', '.bin', program), args, { cwd: ROOT });
}

/** That every Python file can be read as such. */
const PARSE = `import ast, pathlib
for path in (path for folder in ('scripts', 'test') for path in pathlib.Path(folder).rglob('*.py')):
    ast.parse(path.read_text(encoding='utf-8'), str(path))`;

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
    if ((await CHECKS[name]?.(options)) !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
