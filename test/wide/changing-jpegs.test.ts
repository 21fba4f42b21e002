import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { milledFile } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const FRAMES = 10; // of each of two halves

/** Motion JPEG whose second half has another size or chroma, as a webcam writes it. */
async function film(name: string, halves: readonly { readonly size: string; readonly format: string }[]) {
  const folder = await temporaryFolder();
  const parts = await Promise.all(
    halves.map(async ({ size, format }, i) => {
      const part = join(folder, `${i}.mjpg`);
      const picture = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${FRAMES / 25}`, '-pix_fmt', format];
      await run('ffmpeg', ['-v', 'error', ...picture, '-c:v', 'mjpeg', '-huffman', 'default', '-f', 'mjpeg', part]);
      return readFile(part);
    }),
  );
  const [both, path] = [join(folder, 'both.mjpg'), join(folder, name)];
  await writeFile(both, Buffer.concat(parts));
  await run('ffmpeg', ['-v', 'error', '-framerate', '25', '-f', 'mjpeg', '-i', both, '-c', 'copy', path]);
  return path;
}

const SMALL = { size: '96x64', format: 'yuvj422p' };

describe('Motion JPEG that changes midway', () => {
  it.each([
    {
      what: 'its size in MOV',
      name: 'size.mov',
      second: { ...SMALL, size: '192x128' },
      recipe: 'preserve',
      width: 192,
    },
    { what: 'its size in AVI', name: 'size.avi', second: { ...SMALL, size: '192x128' }, recipe: 'vj', width: 192 },
    { what: 'its chroma', name: 'chroma.avi', second: { ...SMALL, format: 'yuvj420p' }, recipe: 'preserve', width: 96 },
  ])('becomes one film with each picture: $what', async ({ name, second, recipe, width }) => {
    const settings = recipe === 'vj' ? {} : { preset: 'ultrafast', evenIfLarger: 'true' };
    const { manifest } = await milledFile(await film(name, [SMALL, second]), settings, recipe);
    expect(manifest.renditions[0]).toMatchObject({ width, frames: 2 * FRAMES });
    expect(manifest.renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/^the picture changes between/));
  });

  it('is told of no change where there is none', async () => {
    const { manifest } = await milledFile(await film('same.avi', [SMALL, SMALL]), { preset: 'ultrafast' });
    expect(manifest.warnings.join()).not.toContain('changes between');
  });
});
