import { beforeAll, describe, expect, it } from '@jest/globals';
import { withMatrix } from '../fixtures/edits.ts';
import { makeClip } from '../fixtures/make.ts';
import { decodeRgba, streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/** Red at the top left, green at the top right, blue at the bottom left, white at the bottom right. */
const CORNERS = [
  ...['-f', 'lavfi', '-i', 'color=white:s=160x96:r=25:d=0.12'],
  ...['-vf', 'drawbox=0:0:80:48:red:fill,drawbox=80:0:80:48:lime:fill,drawbox=0:48:80:48:blue:fill,format=yuv420p'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'],
];
const ONE = 0x1_0000;
const matrix = (a: number, b: number, c: number, d: number) => [
  a * ONE,
  b * ONE,
  0,
  c * ONE,
  d * ONE,
  0,
  0,
  0,
  0x4000_0000,
];

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

/** The names of the colours in the four corners, row by row, as a player without display matrices shows them. */
async function cornersOf(path: string, { width, height }: { width: number; height: number }): Promise<string> {
  const pixels = await decodeRgba('ffmpeg', path, 1);
  const name = (x: number, y: number) => {
    const [r, g, b] = [0, 1, 2].map((i) => (pixels[4 * (y * width + x) + i] ?? 0) > 127);
    return r && g && b ? 'white' : r ? 'red' : g ? 'green' : b ? 'blue' : 'black';
  };
  const [left, right, top, bottom] = [8, width - 9, 8, height - 9];
  return [name(left, top), name(right, top), name(left, bottom), name(right, bottom)].join(' ');
}

describe('vj shows a picture upright without any mark', () => {
  it.each([
    { way: 'by 90 degrees', turn: [0, 1, -1, 0], width: 96, height: 160, corners: 'blue red white green' },
    { way: 'by 180 degrees', turn: [-1, 0, 0, -1], width: 160, height: 96, corners: 'white blue green red' },
    { way: 'by 270 degrees', turn: [0, -1, 1, 0], width: 96, height: 160, corners: 'green white red blue' },
    { way: 'mirrored', turn: [-1, 0, 0, 1], width: 160, height: 96, corners: 'green red white blue' },
  ])('that its container turns: $way', async ({ turn: [a = 0, b = 0, c = 0, d = 0], width, height, corners }) => {
    const source = await makeClip({ file: 'turned.mp4', args: CORNERS, edit: withMatrix(matrix(a, b, c, d)) });
    const { outcome, manifest, path } = await mill.run(source, 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(renditions[0]).toMatchObject({ width, height, frames: 3 });
    expect(renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect((await streamOf(path('hap.mov'))).side_data_list).toBeUndefined();
    expect(await cornersOf(path('hap.mov'), { width, height })).toBe(corners);
    expect(warnings).toContainEqual(expect.stringMatching(/^it is (turned|mirrored)/));
  });

  it.each([
    { codec: 'hapq', file: 'hapq.mov', width: 1024, height: 576 },
    { codec: 'dxv', file: 'dxv.mov', width: 1024, height: 576 },
  ])('of DV with long pixels: $codec', async ({ codec, file, width, height }) => {
    const tape = ['-f', 'lavfi', '-i', 'testsrc2=s=720x576:r=25:d=0.08', '-target', 'pal-dv', '-aspect', '16:9'];
    const source = await makeClip({ file: 'wide.dv', args: tape });
    expect(await streamOf(source)).toMatchObject({ sample_aspect_ratio: '64:45' });
    const { outcome, manifest, path } = await mill.run(source, 'vj', { codec });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ width, height });
    const { sample_aspect_ratio: shape = '1:1' } = await streamOf(path(file));
    expect(shape).toBe('1:1');
    expect((await manifest()).warnings).toContainEqual(
      'its pixels are made square: the picture of 720x576 becomes 1024x576',
    );
  });

  it('that is turned and has long pixels, padded to whole blocks', async () => {
    const args = CORNERS.map((each) => (each.startsWith('drawbox') ? `${each},scale=150:90,setsar=4/3` : each));
    const source = await makeClip({ file: 'long.mp4', args, edit: withMatrix(matrix(0, 1, -1, 0)) });
    const { outcome, manifest, path } = await mill.run(source, 'vj', { codec: 'hapalpha' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ width: 92, height: 200 });
    expect(await cornersOf(path('hapalpha.mov'), { width: 92, height: 200 })).toBe('blue red white green');
    const pixels = await decodeRgba('ffmpeg', path('hapalpha.mov'), 1);
    const alphaAt = (x: number) => pixels[4 * (100 * 92 + x) + 3];
    expect([alphaAt(89), alphaAt(91)]).toEqual([255, 0]);
  });
});
