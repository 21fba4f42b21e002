// Drops a real clip into recipes and says where the results are: npm run demo [-- recipe...]
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buildIfStale } from './build.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, say } from './setup-error.mjs';
import { missing } from './tools.mjs';
import { playInVlc } from './vlc.mjs';

const CLIP = 'VID_20191220_170832.mp4';
/** Enlarging 1080p takes a processor minutes. */
const SMALL_CLIP = 'dog-320x180.mp4';
const OUT = join('demo', 'output');

await exitWith(async () => {
  const recipes = process.argv.slice(2);
  if (recipes.some((recipe) => recipe.startsWith('-'))) {
    say('usage: npm run demo [-- RECIPE...]; without one: preserve downscale');
    return 64;
  }
  await ensureReady({ need: ['packages', 'ffmpeg'], optional: ['ffmpeg7'] });
  await buildIfStale('cli');
  for (const recipe of recipes.length > 0 ? recipes : ['preserve', 'downscale']) {
    const code = await drop(recipe);
    if (code !== 0) return code;
  }
});

/**
 * The exit code of the command, or 70 if VLC is here and does not play what came out.
 * @param {string} recipe
 */
async function drop(recipe) {
  const clip = recipe === 'upscale' ? SMALL_CLIP : CLIP;
  const smaller = recipe === 'downscale' ? ['--set', 'shortSide=720'] : [];
  const args = ['run', join('demo', 'clips', clip), '--recipe', recipe, '--out', OUT, ...smaller];
  console.log(`\n$ reelmill ${args.join(' ')}`);
  const code = await runHere(process.execPath, ['--enable-source-maps', join('dist', 'cli.js'), ...args], {
    cwd: ROOT,
  });
  if (code !== 0) return code;
  const [folder = ''] = [join(ROOT, OUT, '.reelmill', recipe, clip), join(ROOT, OUT, recipe, clip)].filter((each) =>
    existsSync(join(each, 'manifest.json')),
  );
  console.log(`The files are in ${relative(process.cwd(), join(ROOT, OUT))}/`);
  const { renditions } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const films = renditions.map((/** @type {{ path: string }} */ { path }) => join(folder, path));
  const beside = (await readdir(folder)).map((name) => join(folder, name));
  for (const path of new Set([...films, ...beside].sort())) console.log(`  ${relative(join(ROOT, OUT), path)}`);
  return (await playsInVlc(folder)) ? 0 : 70;
}

/**
 * True also where there is no VLC, which is then said.
 * @param {string} folder
 */
async function playsInVlc(folder) {
  if (await missing('vlc')) {
    console.log('VLC is not on the PATH, so the files were not played in it.');
    return true;
  }
  const { renditions } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  let allPlay = true;
  for (const { path } of renditions) {
    const { decoders, errors } = await playInVlc(join(folder, path));
    if (decoders.length > 0 && errors.length === 0) {
      console.log(`VLC played ${path} (${decoders.join(', ')}) to its end without an error.`);
      continue;
    }
    allPlay = false;
    console.log(
      `VLC had trouble with ${path}:\n${errors.map((line) => `  ${line}`).join('\n') || '  it decoded nothing'}`,
    );
  }
  return allPlay;
}
