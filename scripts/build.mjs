import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusively.mjs';
import { recordedStamp } from './recorded-stamp.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

/** What can be built, each into dist/<name>.js and its chunks. */
const ENTRIES = { cli: 'cli/main.ts', bench: 'bench/main.ts', prove: 'bench/prove.ts', encode: 'tasks/encode.ts' };

/**
 * Which packages a build leaves where they are. The command is started thousands of times, and a package in a hundred files takes
 * longer to find and to load than to run: only what is large and seldom used, or native, stays outside of it.
 * @type {Record<keyof typeof ENTRIES, { external?: string[], packages?: 'external', sourcemap: true }>}
 */
const PACKAGES = {
  cli: { external: ['@aws-sdk/*', '@smithy/*', 'libsql', 'onnxruntime-node', 'sharp'], sourcemap: true },
  bench: { packages: 'external', sourcemap: true },
  prove: { packages: 'external', sourcemap: true },
  encode: { packages: 'external', sourcemap: true },
};

/** What node loads as a file of its own: a thread lies beside the program that starts it. */
const THREADS = { 'ort-worker': 'media/onnx/ort-worker.js', 'hash-thread': 'media/probe/hash-thread.js' };

/** All that a build may read. A file outside of these fails the build, so that none is overlooked by the stamp. */
const FOLDERS = [
  ...['adapters', 'app', 'bench', 'cli', 'core', 'functions', 'media', 'runtime', 'tasks', 'web'],
  ...['test/fixtures', 'test/support'], // the films that a storm takes, and the servers that a measurement talks to
];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'resources/prices.json', 'scripts/build.mjs'];
const EXTENSIONS = ['.ts', '.tsx', '.js', '.mjs', '.json', '.css', '.html'];

/** A process that still runs may yet load a chunk of the build it began with. */
const CHUNKS_KEPT_MS = 86_400_000;

/**
 * Builds unless what lies in dist/ was made from exactly these sources, told by their content. True if it built.
 * Throws SetupError if the sources do not build. Safe for several processes at once, and for those that run the old build.
 * @param {keyof typeof ENTRIES} name
 * @param {string} [root]
 */
export async function buildIfStale(name, root = ROOT) {
  if (await isCurrent(name, root)) return false;
  return exclusively(join(root, '.cache', 'build.lock'), async () => {
    if (await isCurrent(name, root)) return false;
    let inputs;
    do {
      inputs = await stampOf(root);
      const { outputFiles } = await bundle(name, root, PACKAGES[name]);
      await publish(outputFiles, { name, inputs, root });
    } while (inputs !== (await stampOf(root))); // edited meanwhile
    return true;
  });
}

// Packages in CommonJS that are bundled ask for require(), which a module has not.
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * The files of a build, none of them written yet. Packages go into it unless they are named as external.
 * @param {keyof typeof ENTRIES} name
 * @param {string} root
 * @param {{ external?: string[], packages?: 'external', sourcemap?: boolean }} options
 */
export async function bundle(name, root, options) {
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: { [name]: ENTRIES[name], ...threadsIn(root) },
    outdir: 'dist',
    chunkNames: `${name}-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    ...options,
    ...(options.packages === undefined && { banner: { js: REQUIRE } }),
    metafile: true,
    write: false,
    logLevel: 'silent',
  }).catch((error) => {
    throw new SetupError(`${ENTRIES[name]} does not build:\n${error.message}`, { exitCode: 70 });
  });
  const unseen = Object.keys(result.metafile.inputs).find((path) => !isInput(path) && !path.includes('node_modules/'));
  if (unseen) throw new Error(`${unseen} goes into ${name}, but is none of the inputs that scripts/build.mjs looks at`);
  return result;
}

/** @param {string} root */
function threadsIn(root) {
  return Object.fromEntries(Object.entries(THREADS).filter(([, path]) => existsSync(join(root, path))));
}

/**
 * Puts the chunks in place first and the entry last, each whole; the entry's last line says what it was made from.
 * @param {readonly import('esbuild').OutputFile[]} files
 * @param {{ name: string, inputs: string, root: string }} build
 */
async function publish(files, { name, inputs, root }) {
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  const entry = `${name}.js`;
  const names = files.map((file) => basename(file.path));
  const before = await builtIn(dist, name);
  const stamp = `\n//# build=${JSON.stringify({ inputs, files: names })}\n`;
  const entryLast = [...files].sort((a, b) => Number(basename(a.path) === entry) - Number(basename(b.path) === entry));
  for (const file of entryLast) {
    const isEntry = basename(file.path) === entry;
    const temporary = `${file.path}.${process.pid}.tmp`;
    await writeFile(temporary, isEntry ? file.text + stamp : file.contents, { mode: isEntry ? 0o755 : 0o644 });
    await rename(temporary, file.path);
  }
  await removeOld(dist, name, { names, replaced: before?.files ?? [] });
}

/**
 * Removes what was replaced a day ago or earlier, and drafts of builds that were killed. A chunk's time becomes the one
 * at which it was replaced: it may have been in use for weeks.
 * @param {string} dist
 * @param {string} name
 * @param {{ names: readonly string[], replaced: readonly string[] }} build
 */
async function removeOld(dist, name, { names, replaced }) {
  const now = new Date();
  for (const file of await readdir(dist)) {
    const isOurs = file.startsWith(`${name}-`) || (file.startsWith(`${name}.`) && file.endsWith('.tmp'));
    if (!isOurs || names.includes(file)) continue;
    const path = join(dist, file);
    if (replaced.includes(file)) await utimes(path, now, now);
    else if (now.getTime() - (await stat(path)).mtimeMs > CHUNKS_KEPT_MS) await rm(path, { force: true });
  }
}

/**
 * What the build in place says of itself.
 * @param {string} dist
 * @param {string} name
 * @returns {Promise<{ inputs: string, files: string[] } | undefined>}
 */
async function builtIn(dist, name) {
  const text = await readFile(join(dist, `${name}.js`), 'utf8').catch(() => '');
  const found = /\n\/\/# build=(.*)\n$/.exec(text)?.[1];
  return found ? JSON.parse(found) : undefined;
}

/**
 * @param {string} name
 * @param {string} root
 */
async function isCurrent(name, root) {
  const dist = join(root, 'dist');
  const built = await builtIn(dist, name);
  if (!built) return false;
  return built.inputs === (await stampOf(root)) && built.files.every((file) => existsSync(join(dist, file)));
}

/**
 * One hash over the path and the content of every input.
 * @param {string} root
 * @param {readonly string[]} [folders]
 */
export async function stampOf(root, folders = FOLDERS) {
  const inFolders = await Promise.all(
    folders.map(async (folder) => {
      const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
      return found.filter((each) => each.isFile()).map((each) => relative(root, join(each.parentPath, each.name)));
    }),
  );
  const paths = [...inFolders.flat().filter(isInput).sort(), ...FILES.filter((path) => existsSync(join(root, path)))];
  return recordedStamp(root, paths, () => contentStamp(root, paths));
}

/**
 * @param {string} root
 * @param {readonly string[]} paths
 */
async function contentStamp(root, paths) {
  // One that is removed at this moment counts as empty; the next look differs then.
  const contents = await Promise.all(paths.map((path) => readFile(join(root, path)).catch(() => Buffer.alloc(0))));
  const hash = createHash('sha256');
  for (const [index, path] of paths.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} path */
function isInput(path) {
  const isBelow = (/** @type {string} */ folder) => path.replaceAll('\\', '/').startsWith(`${folder}/`);
  return FILES.includes(path) || (FOLDERS.some(isBelow) && EXTENSIONS.includes(extname(path)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exitWith(async () => {
    await ensureReady({ need: ['packages'] });
    const built = await buildIfStale('cli');
    console.error(`dist/cli.js ${built ? 'built' : 'is what the sources say'}`);
  });
}
