import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { capture } from './child.mjs';
import { exclusively } from './exclusively.mjs';
import { withProgress } from './progress.mjs';
import { SetupError, say } from './setup-error.mjs';

/**
 * Makes node_modules what package-lock.json says, by `npm ci` unless it is so already.
 * @param {string} root
 */
export async function ensurePackages(root) {
  const wanted = await stampOf(root);
  if (await isStamped(root, wanted)) return;
  await exclusively(join(root, '.cache', 'setup.lock'), async () => {
    if (await isStamped(root, wanted)) return;
    if (!(await holdsWhatIsLocked(root))) await install(root);
    await stamp(root, wanted);
  });
}

/** @param {string} root */
async function install(root) {
  const start = Date.now();
  const within = npmProgram();
  const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = () =>
    within ? capture(process.execPath, [within, ...args], { cwd: root }) : capture('npm', args, { cwd: root });
  const { code, stderr } = await withProgress('installing packages (npm ci)', npm).catch((error) => {
    throw new SetupError(`could not start npm (${error.code}): install Node.js with npm, then try again`);
  });
  if (code !== 0) {
    const message = `npm ci exited ${code}: see its words above, put that right, then try again`;
    throw new SetupError(message, { output: stderr });
  }
  say(`packages installed in ${Math.round((Date.now() - start) / 1000)} s`);
}

/**
 * The file of npm, where it is known. Under `npm run`, npm says where it is itself; it need not be the one on the PATH. On
 * Windows the one on the PATH is a script for a shell, and the file lies beside Node.js.
 */
function npmProgram() {
  if (process.env.npm_execpath?.endsWith('npm-cli.js')) return process.env.npm_execpath;
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return process.platform === 'win32' && existsSync(beside) ? beside : undefined;
}

/**
 * What an installation depends on: the lock file, and what native add-ons are chosen by.
 * @param {string} root
 */
async function stampOf(root) {
  const lock = await readFile(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  return `${hash} node${process.versions.node.split('.')[0]} ${process.platform} ${process.arch}\n`;
}

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.reelmill-stamp');

/**
 * @param {string} root
 * @param {string} wanted
 */
async function isStamped(root, wanted) {
  const found = await readFile(stampFile(root), 'utf8').catch(() => undefined);
  if (found !== wanted) return false;
  const { dependencies = {}, devDependencies = {} } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
    existsSync(join(root, 'node_modules', name)),
  );
}

/**
 * @param {string} root
 * @param {string} text
 */
async function stamp(root, text) {
  const file = stampFile(root);
  await mkdir(dirname(file), { recursive: true }); // npm makes none where the lock file names no package
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

/**
 * Whether somebody ran npm by hand: npm's own record of what it put there names every package of the lock file, in its
 * version, and no other.
 * @param {string} root
 */
async function holdsWhatIsLocked(root) {
  const record = await readFile(join(root, 'node_modules', '.package-lock.json'), 'utf8').catch(() => undefined);
  if (record === undefined) return false;
  const stamped = await readFile(stampFile(root), 'utf8').catch(() => undefined);
  const platform = `node${process.versions.node.split('.')[0]} ${process.platform} ${process.arch}\n`;
  if (stamped !== undefined && !stamped.endsWith(platform)) return false;
  const there = JSON.parse(record).packages;
  const locked = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
  const sameVersion = (/** @type {string} */ path) => there[path]?.version === locked[path]?.version;
  return (
    Object.keys(there).every(sameVersion) &&
    Object.keys(locked).every((path) => path === '' || sameVersion(path) || (locked[path].optional && !there[path])) &&
    Object.keys(there).every((path) => existsSync(join(root, path)))
  );
}
