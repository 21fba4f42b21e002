import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusively.mjs';
import { ensurePackages } from './packages.mjs';
import { exitWith, SetupError, say } from './setup-error.mjs';
import { install, missing, TOOL_NAMES } from './tools.mjs';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Makes this machine ready and says nothing if it is: "packages" is node_modules, the others are programs. Throws
 * SetupError, with one sentence saying what to do, if something needed cannot be had. What is only optional is said
 * to be missing and returned.
 * @param {{ need: readonly string[], optional?: readonly string[], root?: string }} what
 * @returns {Promise<string[]>} the optional ones that are not here
 */
export async function ensureReady({ need, optional = [], root = ROOT }) {
  requireNode();
  const absent = [];
  for (const name of need) await ensure(name, root);
  for (const name of optional) {
    try {
      await ensure(name, root);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`going on without ${name}: ${error.message}`);
      absent.push(name);
    }
  }
  return absent;
}

/**
 * @param {string} name
 * @param {string} root
 */
async function ensure(name, root) {
  if (name === 'packages') return ensurePackages(root);
  if (!(await missing(name))) return;
  await exclusively(join(root, '.cache', 'setup.lock'), async () => {
    if (await missing(name)) await install(name);
  });
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Node.js ${process.versions.node} is too old: install 20.19 or later, then try again`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exitWith(async () => {
    const names = process.argv.slice(2);
    const unknown = names.find((name) => name !== 'packages' && !TOOL_NAMES.includes(name));
    if (unknown !== undefined || names.length === 0) {
      say(`usage: node scripts/setup.mjs NAME...; the names are: packages, ${TOOL_NAMES.join(', ')}`);
      return 64;
    }
    await ensureReady({ need: names });
  });
}
