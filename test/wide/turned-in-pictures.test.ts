import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { streamOf } from '../support/ffprobe.ts';
import { milledFile } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const FRAMES = 24;
const FAST = { preset: 'ultrafast', evenIfLarger: 'true' };

/** A film of three groups of pictures, of which each begins with a message of its display orientation (H.264 D.1.26). */
async function film(folder: string, name: string, angle = 90): Promise<string> {
  const picture = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=${FRAMES / 25}`, '-c:v', 'libx264', '-g', '8'];
  const turned = [
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-bsf:v',
    `h264_metadata=display_orientation=insert:rotate=${angle}`,
  ];
  const [stream, path] = [join(folder, `turned-${angle}.ts`), join(folder, name)];
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...turned, stream]);
  if (stream !== path) await run('ffmpeg', ['-v', 'error', '-y', '-i', stream, '-c', 'copy', path]);
  return path;
}

describe('a film whose keyframes say that it is turned', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  it.each([
    { name: 'turned-90.ts', recipe: 'preserve', made: 'preserve.mp4', width: 96 },
    { name: 'turned.mp4', recipe: 'preserve', made: 'preserve.mp4', width: 96 },
    { name: 'turned.mkv', recipe: 'vj', made: 'hap.mov', width: 64 },
  ])('is turned as they say, with each of its pictures: $name by $recipe', async ({ name, recipe, made, width }) => {
    const settings = recipe === 'vj' ? {} : FAST;
    const { manifest, path } = await milledFile(await film(folder, name), settings, recipe);
    expect(manifest.renditions[0]).toMatchObject({ width, frames: FRAMES });
    expect(manifest.renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(manifest.warnings).toContainEqual(expect.stringContaining('its pictures say that they are turned'));
    const { side_data_list = [] } = await streamOf(path(made));
    expect(side_data_list).toEqual(
      recipe === 'vj' ? [] : [expect.objectContaining({ side_data_type: 'Display Matrix', rotation: 90 })],
    );
  });

  it('is turned as its first picture says where a later one says otherwise, which is told', async () => {
    const parts = await Promise.all([90, 180].map((angle) => film(folder, `by-${angle}.h264`, angle)));
    const path = join(folder, 'both.h264');
    await writeFile(path, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))));
    const { manifest, path: made } = await milledFile(path, FAST);
    expect(manifest.renditions[0]).toMatchObject({ frames: 2 * FRAMES });
    expect(manifest.warnings).toContainEqual(
      expect.stringMatching(
        /^its pictures say midway that they are turned by 90 and -?180 degrees: the first picture's/,
      ),
    );
    expect((await streamOf(made('preserve.mp4'))).side_data_list).toEqual([expect.objectContaining({ rotation: 90 })]);
  });
});
