// Takes the pictures of all pages and states in docs/pages: node scripts/page-pictures.mjs [FOLDER [state...]]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWebIfStale } from './build-web.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

await exitWith(async () => {
  const [folder = join(ROOT, 'docs', 'pages'), ...names] = process.argv.slice(2);
  await ensureReady({ need: ['packages', 'chromium'] });
  await buildWebIfStale();
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'test', 'support', 'page-pictures.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
  });
  const program = join(ROOT, 'dist', 'page-pictures.mjs');
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  await writeFile(program, outputFiles[0]?.contents ?? '');
  const { takePagePictures } = await import(pathToFileURL(program).href);
  const bytes = await takePagePictures(folder, names);
  console.error(`${(bytes / 1e6).toFixed(2)} MB in ${folder}`);
});
