// What a container runs, with every package it needs, as one file: node scripts/build-task.mjs [encode|upscale]
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError, say } from './setup-error.mjs';

// Packages in CommonJS ask for require(), which a module has not.
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';const require=__createRequire(import.meta.url);";

/**
 * Gives the path of the file, <folder>/<name>.mjs.
 * @param {string} name
 * @param {string} [folder]
 */
export async function buildTask(name, folder = join(ROOT, 'dist', 'tasks')) {
  const { build } = await import('esbuild');
  const outfile = join(folder, `${name}.mjs`);
  const thread = join(folder, 'ort-worker.js');
  const files = { [join('tasks', `${name}.ts`)]: outfile, [join('media', 'onnx', 'ort-worker.js')]: thread };
  for (const [entry, made] of Object.entries(files)) await bundle(build, entry, made);
  return outfile;
}

/**
 * onnxruntime-node and sharp stay outside: they load libraries that lie beside them.
 * @param {typeof import('esbuild').build} build
 * @param {string} entry
 * @param {string} outfile
 */
async function bundle(build, entry, outfile) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    external: ['onnxruntime-node', 'sharp'],
    minify: true,
    keepNames: true, // errors are told apart by name
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    logLevel: 'silent',
  }).catch((error) => {
    throw new SetupError(`${entry} does not build:\n${error.message}`, { exitCode: 70 });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exitWith(async () => {
    await ensureReady({ need: ['packages'] });
    const [name = 'encode'] = process.argv.slice(2);
    const file = await buildTask(name);
    say(`${file}: ${Math.round((await stat(file)).size / 1024)} KB`);
  });
}
