import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true', container: 'mkv' };

/** The four numbers a, b, c and d. */
type Matrix = readonly number[];

describe('a picture that its container scales', () => {
  let folder: string;
  let plain: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, join(folder, 'plain.mp4')]);
    plain = await readFile(join(folder, 'plain.mp4'));
  });

  /** A film with this matrix in the header of its track or of the movie. */
  async function film(name: string, matrix: Matrix, header = 'tkhd') {
    const bytes = Buffer.from(plain);
    const at = bytes.indexOf(header) + 4 + (header === 'tkhd' ? 40 : 36);
    const [a, b, c, d] = matrix.map((value) => Math.round(value * 65_536));
    [a, b, 0, c, d, 0, 0, 0, 2 ** 30].forEach((value, i) => void bytes.writeInt32BE(value ?? 0, at + 4 * i));
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }

  it.each([
    {
      ...{ name: 'half as large', matrix: [0.5, 0, 0, 0.5], header: 'tkhd', aspect: '1.500' },
      ...{ fate: 'dropped', why: '0.5 times as wide and 0.5 times as high' },
    },
    {
      ...{ name: 'half as large by its movie', matrix: [0.5, 0, 0, 0.5], header: 'mvhd', aspect: '1.500' },
      ...{ fate: 'dropped', why: 'how large it is shown is left' },
    },
    {
      ...{ name: 'twice as wide', matrix: [2, 0, 0, 1], header: 'tkhd', aspect: '3.000' },
      ...{ fate: 'converted', why: 'written as the shape of its pixels' },
    },
    {
      ...{ name: 'turned, and twice as wide', matrix: [0, 2, -1, 0], header: 'tkhd', aspect: '3.000' },
      ...{ fate: 'converted', why: '2 times as wide' },
    },
  ] as const)('is made for Matroska: $name', async ({ name, matrix, header, aspect, fate, why }) => {
    const { path, manifest } = await milledFile(await film(`${name}.mp4`, matrix, header), settings);
    const { stdout } = await run('mediainfo', ['--Inform=Video;%DisplayAspectRatio%', path('preserve.mkv')]);
    expect(stdout.trim()).toBe(aspect);
    expect(manifest.renditions[0]?.metadata).toContainEqual({
      ...{ place: 'track 0', name: 'display matrix', fate, why: expect.stringContaining(why) },
    });
  });

  it.each([
    ['mirrored', [-1, 0, 0, 1]],
    ['mirrored', [0, 2, 2, 0]],
    ['sheared', [1, 0, 0.5, 1]],
    ['sheared', [0, 0, 0, 0]],
  ] as const)('is refused for Matroska, and named, where it is %s', async (is, matrix) => {
    const mill = await testMill();
    const { outcome } = await mill.run(await film(`${is}-${matrix[1]}.mp4`, matrix), 'preserve', settings);
    expect(JSON.stringify(outcome)).toContain(`the picture is ${is} by its container, and Matroska cannot say so`);
  });
});
