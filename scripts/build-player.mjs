// Builds the player into dist/player: player.js, which plays, and what it loads when it needs it: npm run build:player
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stampOf } from './build.mjs';
import { exclusively } from './exclusively.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

/** All that the player is made of. */
const FOLDERS = ['web/player', 'core/montage'];
/** What is taken as it is: the page of films that were taken along. */
const STATIC = 'web/player/take-along/static';
const STAMP = 'build.txt';

/** The modules, and what each is built of. Only the first one is loaded before a film plays. */
const MODULES = {
  'player.js': 'web/player/player.ts',
  'later.js': 'web/player/later.ts',
  'sphere.js': 'web/player/sphere/sphere.ts',
  'take-along.js': 'web/player/take-along/take-along.ts',
  'take-along-page.js': 'web/player/take-along/page.ts',
};

/** Where the player lies when it is built, as it would be published. */
export const PLAYER_FOLDER = join('dist', 'player');

/**
 * The files of the player by their names, none of them written yet.
 * @param {string} root
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
export async function playerFiles(root) {
  const files = Object.entries(MODULES).map(
    async ([name, entry]) => /** @type {const} */ ([name, await bundled(root, entry)]),
  );
  const statics = (await readdir(join(root, STATIC))).map((name) => join(STATIC, name));
  const texts = [
    ...['package.json', 'README.md', 'player.d.ts'].map((name) => join('web/player', name)),
    ...statics,
  ].map(async (path) => /** @type {const} */ ([basename(path), await readFile(join(root, path), 'utf8')]));
  return new Map(await Promise.all([...files, ...texts]));
}

/**
 * One module with all that it imports, but for the modules that are loaded later.
 * @param {string} root
 * @param {string} entry
 */
async function bundled(root, entry) {
  const { build } = await import('esbuild');
  const { minify } = await import('@swc/core');
  const { outputFiles } = await build({
    ...{ absWorkingDir: root, entryPoints: [entry], bundle: true, write: false, logLevel: 'silent' },
    ...{ format: 'esm', target: ['chrome111', 'firefox115', 'safari16.4'], legalComments: 'none', minifySyntax: true },
    plugins: [apart, plainStyle],
  }).catch((error) => {
    throw new SetupError(`${entry} does not build:\n${error.message}`, { exitCode: 70 });
  });
  const { code } = await minify(outputFiles[0]?.text ?? '', {
    module: true,
    ecma: 2022,
    compress: { passes: 3, ecma: 2022, toplevel: true },
    mangle: { toplevel: true },
  });
  return code;
}

/** What is imported when it is needed is a module of its own beside the player. @type {import('esbuild').Plugin} */
const apart = {
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /\/(sphere|later)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : undefined,
    );
  },
};

/** The style sheet without the spaces that are for people. @type {import('esbuild').Plugin} */
const plainStyle = {
  name: 'plain-style',
  setup(build) {
    build.onLoad({ filter: /ui\/(menu-)?style\.ts$/ }, async ({ path }) => {
      const [, name, style = ''] = /export const (\w+) = `([^`]*)`/.exec(await readFile(path, 'utf8')) ?? [];
      const { code } = await build.esbuild.transform(style, { loader: 'css', minify: true });
      return { contents: `export const ${name} = ${JSON.stringify(code.trim())};` };
    });
  },
};

/**
 * Builds the player unless it was made from exactly these sources. True if it built.
 * @param {string} [root]
 */
export async function buildPlayerIfStale(root = ROOT) {
  const folder = join(root, PLAYER_FOLDER);
  const isCurrent = async () =>
    (await readFile(join(folder, STAMP), 'utf8').catch(() => '')) === (await stampOf(root, FOLDERS));
  if (await isCurrent()) return false;
  return exclusively(join(root, '.cache', 'build-player.lock'), async () => {
    if (await isCurrent()) return false;
    const inputs = await stampOf(root, FOLDERS);
    for (const [name, content] of [...(await playerFiles(root)), /** @type {const} */ ([STAMP, inputs])]) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.${process.pid}.tmp`, content);
      await rename(`${path}.${process.pid}.tmp`, path);
    }
    return true;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exitWith(async () => {
    await ensureReady({ need: ['packages'] });
    const built = await buildPlayerIfStale();
    const size = gzipSync(await readFile(join(ROOT, PLAYER_FOLDER, 'player.js'))).length;
    console.error(
      `${PLAYER_FOLDER} ${built ? 'built' : 'is what the sources say'}: player.js has ${size} bytes with gzip`,
    );
  });
}
