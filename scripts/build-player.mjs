// Builds the player into dist/player: one module, player.js, and sphere.js, which it loads for spheres alone: npm run build:player
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { stampOf } from './build.mjs';
import { exclusively } from './exclusively.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

/** All that the player is made of. */
const FOLDERS = ['web/player', 'core/montage'];
const STAMP = 'build.txt';

/** Where the player lies when it is built, as it would be published. */
export const PLAYER_FOLDER = join('dist', 'player');

/**
 * The files of the player by their names, none of them written yet.
 * @param {string} root
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
export async function playerFiles(root) {
  const { build } = await import('esbuild');
  const bundled = async (/** @type {string} */ entry) => {
    const { outputFiles } = await build({
      ...{ absWorkingDir: root, entryPoints: [entry], bundle: true, minify: true, write: false, logLevel: 'silent' },
      ...{ format: 'esm', target: ['chrome109', 'firefox115', 'safari16.4'], legalComments: 'none' },
      plugins: [sphereApart],
    }).catch((error) => {
      throw new SetupError(`${entry} does not build:\n${error.message}`, { exitCode: 70 });
    });
    return outputFiles[0]?.text ?? '';
  };
  const pair = async (/** @type {string} */ name, /** @type {string} */ entry) =>
    /** @type {const} */ ([name, await bundled(entry)]);
  const files = [
    pair('player.js', 'web/player/player.ts'),
    pair('sphere.js', 'web/player/sphere/sphere.ts'),
  ];
  return new Map([
    ...(await Promise.all(files)),
    ...(await Promise.all(
      ['package.json', 'README.md', 'player.d.ts'].map(
        async (name) => /** @type {const} */ ([name, await readFile(join(root, 'web/player', name), 'utf8')]),
      ),
    )),
  ]);
}

/** The sphere is a file of its own beside the player, loaded when a film is one. @type {import('esbuild').Plugin} */
const sphereApart = {
  name: 'sphere-apart',
  setup(build) {
    build.onResolve({ filter: /sphere\/sphere\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './sphere.js', external: true } : undefined,
    );
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
    console.error(`${PLAYER_FOLDER} ${built ? 'built' : 'is what the sources say'}: player.js has ${size} bytes with gzip`);
  });
}
