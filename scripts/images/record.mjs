import { readFile, rename, writeFile } from 'node:fs/promises';
import { SetupError } from '../setup-error.mjs';

/**
 * Writes an image's name into the settings of a stage, on the line that is there for it; all other lines stay as they are.
 * @param {string} file  stages/<stage>.yml
 * @param {'encodeImage' | 'upscaleImage'} setting
 * @param {string} image
 */
export async function recordImage(file, setting, image) {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.startsWith(`${setting}:`));
  if (at < 0) throw new SetupError(`${file} has no line "${setting}:" to write ${image} into`, { exitCode: 64 });
  lines[at] = `${setting}: ${image}`;
  await writeFile(`${file}.unfinished`, lines.join('\n'));
  await rename(`${file}.unfinished`, file);
}
