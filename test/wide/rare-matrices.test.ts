import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodeRgba } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/**
 * A picture of one colour, whose stream says that it has this matrix (H.273 table 4) and, if given, these primaries and transfer.
 * Its red is 192 by BT.601, by which it was made, and 204 by BT.709 and SMPTE 240M.
 */
const film = (matrix: number, more = '') =>
  makeClip({
    file: 'said.mp4',
    args: [
      ...[
        '-f',
        'lavfi',
        '-i',
        'color=0xc04020:s=96x64:r=25:d=0.4',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-qp',
        '4',
      ],
      ...['-pix_fmt', 'yuv420p', '-bsf:v', `h264_metadata=matrix_coefficients=${matrix}${more}`],
    ],
  });

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a texture of a picture whose matrix few programs know', () => {
  it.each([
    { name: 'SMPTE 240M', matrix: 7, red: 204, told: false },
    { name: 'derived from the primaries of BT.709', matrix: 12, more: ':colour_primaries=1', red: 204, told: false },
    { name: 'derived from primaries that are not said', matrix: 12, red: 192, told: true },
    { name: 'RGB, of a picture that is YUV', matrix: 0, red: 192, told: 'it counts as not said' },
    { name: 'SMPTE 2085', matrix: 11, red: 192, told: true },
    { name: 'ICtCp, of a picture that is not HDR', matrix: 14, red: 192, told: true },
    {
      name: 'SMPTE 2085, of a picture in HDR',
      matrix: 11,
      more: ':colour_primaries=9:transfer_characteristics=16',
      told: true,
    },
    {
      name: 'ICtCp, of a picture in HDR',
      matrix: 14,
      more: ':colour_primaries=9:transfer_characteristics=16',
      told: false,
    },
  ])('is made by it, or by what players assume, which is told: $name', async ({ matrix, more, red, told }) => {
    const { outcome, manifest, path } = await mill.run(await film(matrix, more), 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    const said = expect.stringContaining(typeof told === 'string' ? told : 'by which it cannot be converted');
    expect(warnings).toEqual(told ? expect.arrayContaining([said]) : expect.not.arrayContaining([said]));
    const pixels = await decodeRgba('ffmpeg', path('hap.mov'), 1);
    if (red !== undefined) expect(Math.abs((pixels[0] ?? 0) - red)).toBeLessThan(6);
  });
});
