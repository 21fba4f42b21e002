import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { uprightPicture, uprightTold } from '../../../core/filters/upright.ts';
import { withMatrix } from '../../fixtures/edits.ts';
import { makeClip } from '../../fixtures/make.ts';
import { aVideo } from '../../fixtures/probes.ts';

const run = promisify(execFile);
const SQUARE = { num: 1, den: 1 };
const matrix = (a: number, b: number, c: number, d: number) =>
  [a, b, 0, c, d, 0, 0, 0, 16_384].map((each) => each * 65_536);

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.04,format=yuv420p', '-c:v', 'libx264', '-qp', '0'];

/** One frame as RGB, turned by ffmpeg itself as it understands the matrix, or by these filters alone. */
async function shown(path: string, filters: readonly string[] | undefined): Promise<Buffer> {
  const turning = filters === undefined ? [] : ['-noautorotate'];
  const chain = [filters === undefined ? 'null' : 'format=rgb24', ...(filters ?? []), 'format=rgb24'].join(',');
  const args = ['-v', 'error', ...turning, '-i', path, '-vf', chain, '-f', 'rawvideo', '-'];
  return (await run('ffmpeg', args, { encoding: 'buffer' })).stdout;
}

describe('a picture is turned upright', () => {
  it.each([
    ['by 90 degrees', [0, 1, -1, 0]],
    ['by 180 degrees', [-1, 0, 0, -1]],
    ['by 270 degrees', [0, -1, 1, 0]],
    ['from left to right', [-1, 0, 0, 1]],
    ['from top to bottom', [1, 0, 0, -1]],
    ['along its diagonal', [0, 1, 1, 0]],
    ['along its other diagonal', [0, -1, -1, 0]],
  ] as const)('%s, as ffmpeg turns it', async (_, [a, b, c, d]) => {
    const source = await makeClip({ file: 'turned.mp4', args: picture, edit: withMatrix(matrix(a, b, c, d)) });
    const { width, height, filters } = uprightPicture({ width: 64, height: 48, sar: SQUARE }, matrix(a, b, c, d));
    expect([width, height]).toEqual(a === 0 ? [48, 64] : [64, 48]);
    const [ours, theirs] = [await shown(source, filters), await shown(source, undefined)];
    expect(ours.equals(theirs) || likeness(ours, theirs) < 1.5).toBe(true);
    expect(ours.equals(await shown(source, []))).toBe(false);
  });

  it('not at all by a matrix that is no multiple of 90 degrees, which is told', () => {
    const slanted = matrix(0.866, 0.5, -0.5, 0.866);
    expect(uprightPicture({ width: 64, height: 48, sar: SQUARE }, slanted).filters).toEqual([]);
    const video = aVideo({ width: 64, height: 48, displayMatrix: slanted });
    expect(uprightTold(video, { width: 64, height: 48 })).toEqual([expect.stringContaining('no multiple of 90')]);
  });
});

const likeness = (a: Buffer, b: Buffer) =>
  a.length === b.length ? a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length : 255;

describe('pixels are made square', () => {
  it.each([
    { of: 'PAL 16:9', size: [720, 576], sar: [64, 45], block: 4, to: [1024, 576] },
    { of: 'PAL 4:3', size: [720, 576], sar: [16, 15], block: 4, to: [768, 576] },
    { of: 'NTSC 4:3, whose lines are too close', size: [720, 480], sar: [8, 9], block: 4, to: [720, 540] },
    { of: 'NTSC 16:9, to a multiple of 4', size: [720, 480], sar: [32, 27], block: 4, to: [852, 480] },
    { of: 'HDV', size: [1440, 1080], sar: [4, 3], block: 16, to: [1920, 1080] },
    { of: 'a pixel that is square but for its number', size: [320, 180], sar: [1281, 1280], block: 4, to: [320, 180] },
  ])('of $of', ({ size: [width = 0, height = 0], sar: [num = 1, den = 1], block, to }) => {
    const upright = uprightPicture({ width, height, sar: { num, den } }, undefined, block);
    expect([upright.width, upright.height]).toEqual(to);
    expect(upright).toMatchObject({ sar: SQUARE, filters: expect.arrayContaining(['setsar=1/1']) });
  });

  it('before the picture is laid on its side', () => {
    const upright = uprightPicture({ width: 720, height: 576, sar: { num: 64, den: 45 } }, matrix(0, 1, -1, 0), 4);
    expect(upright).toMatchObject({ width: 576, height: 1024 });
  });

  it('unless they are so long that the picture would be larger than any that is worked on', () => {
    const sar = { num: 65_535, den: 1 };
    expect(() => uprightPicture({ width: 720, height: 576, sar }, undefined)).toThrow(/at most 16384 a side/);
  });
});
