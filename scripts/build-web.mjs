// Builds the pages into dist/web, where `reelmill serve` of a checkout takes them from: npm run build:web
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stampOf } from './build.mjs';
import { exclusively } from './exclusively.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

/** All that the pages are made of. */
const FOLDERS = ['web', 'core'];
const DESIGN = 'virtual:design.css';
const STAMP = 'build.txt';

/**
 * Builds the pages unless dist/web was made from exactly these sources. True if it built.
 * @param {string} [root]
 */
export async function buildWebIfStale(root = ROOT) {
  const folder = join(root, 'dist', 'web');
  const isCurrent = async () =>
    (await readFile(join(folder, STAMP), 'utf8').catch(() => '')) === (await stampOf(root, FOLDERS));
  if (await isCurrent()) return false;
  return exclusively(join(root, '.cache', 'build-web.lock'), async () => {
    if (await isCurrent()) return false;
    const inputs = await stampOf(root, FOLDERS);
    const draft = `${folder}.${process.pid}.tmp`;
    for (const [path, content] of [...(await bundleWeb(root)).files, /** @type {const} */ ([STAMP, inputs])]) {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), content);
    }
    // a `serve` that begins meanwhile finds the old pages or the new ones, and not half of either
    const old = `${folder}.${process.pid}.old`;
    await rename(folder, old).catch(() => {}); // there may be none
    await rename(draft, folder);
    await rm(old, { recursive: true, force: true });
    return true;
  });
}

/**
 * The files of the pages by their paths, none of them written yet, and what they were made of. Their names hold a hash of
 * what is in them, except for the page itself.
 * @param {string} root
 * @returns {Promise<{ files: ReadonlyMap<string, Uint8Array>, inputs: readonly string[] }>}
 */
export async function bundleWeb(root) {
  const { build } = await import('vite');
  const made = await build({
    root: join(root, 'web'),
    configFile: false,
    base: '/', // the page that says that there is no such page lies at any depth
    logLevel: 'warn',
    plugins: [await designPlugin(root)],
    build: { write: false, target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  }).catch((error) => {
    throw new SetupError(`the pages in web/ do not build:\n${error.message}`, { exitCode: 70 });
  });
  const outputs = [made].flat().flatMap((each) => ('output' in each ? each.output : []));
  const files = new Map(
    outputs.map((each) => [each.fileName, Buffer.from(each.type === 'chunk' ? each.code : each.source)]),
  );
  const modules = outputs.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
  const inputs = modules.filter((id) => id.startsWith(root)).map((id) => relative(root, id));
  return { files, inputs };
}

/**
 * What the pages have in common with reports, as a style sheet that they import: there is one source of colours.
 * @param {string} root
 * @returns {Promise<import('vite').Plugin>}
 */
async function designPlugin(root) {
  const { build } = await import('esbuild');
  const entry = join(root, 'core', 'report', 'design.ts');
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  const source = `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.text ?? '').toString('base64')}`;
  const { DESIGN: css } = await import(source);
  return {
    name: 'reelmill-design',
    resolveId: (id) => (id === DESIGN ? DESIGN : undefined),
    load: (id) => (id === DESIGN ? css : undefined),
  };
}

/**
 * The bytes that a browser fetches for the pages, compressed as servers do it.
 * @param {ReadonlyMap<string, Uint8Array>} files
 */
export function gzippedBytes(files) {
  return [...files.values()].reduce((sum, content) => sum + gzipSync(content).length, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exitWith(async () => {
    await ensureReady({ need: ['packages'] });
    const built = await buildWebIfStale();
    const folder = join(ROOT, 'dist', 'web');
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const files = new Map(
      await Promise.all(paths.map(async (path) => /** @type {const} */ ([path, await readFile(path)]))),
    );
    const size = `${(gzippedBytes(files) / 1000).toFixed(1)} kB with gzip`;
    console.error(`dist/web ${built ? 'built' : 'is what the sources say'}, ${size}`);
  });
}
