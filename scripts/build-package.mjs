// Builds what the npm package holds into lib/, as `npm pack` and `npm publish` ask for it (prepack).
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build.mjs';
import { playerFiles } from './build-player.mjs';
import { bundleWeb } from './build-web.mjs';
import { licences } from './package/licences.mjs';
import { partOf } from './package/part.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, say } from './setup-error.mjs';

/** Packages that hold a library for each kind of machine, which npm has to choose from: the package's dependencies. */
const NATIVE = ['libsql', 'sharp'];

/** What most people never need, fetched when it is needed first: as large as everything else together. */
const PARTS = ['onnxruntime-node'];

/**
 * Bundles the command with all its packages but the native ones, so that npm installs few files, and writes down what
 * has to be fetched for each part, in its exact versions. Everything that was in the folder before is removed.
 * @param {string} root
 * @param {string} folder
 */
export async function buildPackage(root, folder) {
  const { outputFiles, metafile } = await bundle('cli', root, { external: [...NATIVE, ...PARTS] });
  const pages = await bundleWeb(root);
  const files = new Map(
    outputFiles.map(({ path, contents }) => [join(folder, path.slice(dirname(path).length)), contents]),
  );
  files.set(
    join(folder, 'LICENCES.txt'),
    Buffer.from(await licences([...Object.keys(metafile.inputs), ...pages.inputs], root)),
  );
  for (const name of PARTS) {
    for (const [file, text] of Object.entries(await partOf(name, root))) {
      files.set(join(folder, 'parts', name, file), Buffer.from(text));
    }
  }
  for (const [file, content] of pages.files) files.set(join(folder, 'web', file), content);
  // what `gallery` copies beside its pages
  for (const [file, content] of await playerFiles(root)) files.set(join(folder, 'player', file), Buffer.from(content));
  await rm(folder, { recursive: true, force: true });
  for (const [path, contents] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exitWith(async () => {
    await ensureReady({ need: ['packages'] });
    const bytes = await buildPackage(ROOT, join(ROOT, 'lib'));
    say(`lib/ built, ${(bytes / 1e6).toFixed(1)} MB`);
  });
}
