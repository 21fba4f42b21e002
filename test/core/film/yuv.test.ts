import { describe, expect, it } from '@jest/globals';
import type { Colour } from '../../../core/film/probe.ts';
import { type AffineRow, fromRgb, toRgb, yuvFrames } from '../../../core/film/yuv.ts';

const untagged: Colour = {
  primaries: undefined,
  transfer: undefined,
  matrix: undefined,
  range: undefined,
  chromaLocation: undefined,
};
const UNIT = { black: 0, white: 1 };

describe('frames of YUV', () => {
  it.each([
    { does: 'white, limited', format: 'yuv420p', colour: {}, yuv: [235, 128, 128], rgb: [1, 1, 1] },
    { does: 'black, limited, 10 bits', format: 'yuv420p10le', colour: {}, yuv: [64, 512, 512], rgb: [0, 0, 0] },
    { does: 'white, full', format: 'yuv444p', colour: { range: 'pc' }, yuv: [255, 128, 128], rgb: [1, 1, 1] },
    // ITU-R BT.709, 75 % bars and BT.601 primaries, as any table of bars has them
    { does: 'red of BT.709', format: 'yuv444p', colour: { matrix: 'bt709' }, yuv: [63, 102, 240], rgb: [1, 0, 0] },
    { does: 'blue of BT.709', format: 'yuv444p', colour: { matrix: 'bt709' }, yuv: [32, 240, 118], rgb: [0, 0, 1] },
    { does: 'red of BT.601', format: 'yuv444p', colour: { matrix: 'smpte170m' }, yuv: [81, 90, 240], rgb: [1, 0, 0] },
    { does: 'green of BT.601', format: 'yuv444p', colour: { matrix: 'bt470bg' }, yuv: [145, 54, 34], rgb: [0, 1, 0] },
    {
      does: 'red of BT.2020',
      format: 'yuv444p10le',
      colour: { matrix: 'bt2020nc' },
      yuv: [294, 387, 960],
      rgb: [1, 0, 0],
    },
  ] as const)('mean $rgb by $yuv: $does', ({ format, colour, yuv, rgb }) => {
    const frames = yuvFrames(format, { ...untagged, ...colour }, 1080);
    const [there, back] = [applied(toRgb(frames, UNIT), yuv), applied(fromRgb(frames, UNIT), rgb)];
    for (const [index, level] of rgb.entries()) expect(Math.abs((there[index] ?? 9) - level)).toBeLessThan(0.01);
    expect(back.map(Math.round)).toEqual(yuv);
  });

  it.each([
    { height: 576, matrix: 'smpte170m' },
    { height: 720, matrix: 'bt709' },
  ])('are taken for $matrix at $height lines where nothing says what they are', ({ height, matrix }) => {
    const tagged = yuvFrames('yuv420p', { ...untagged, matrix }, height);
    expect(yuvFrames('yuv420p', untagged, height)).toEqual(tagged);
    expect(tagged).toMatchObject({ range: 'limited', siting: 'left', chroma: { down: 2, across: 2 } });
  });

  it('come back from RGB of any black and white as they were', () => {
    const frames = yuvFrames('yuv422p12le', untagged, 1080);
    const range = { black: -1, white: 255 };
    const yuv = [3000, 100, 4000];
    const back = applied(fromRgb(frames, range), applied(toRgb(frames, range), yuv));
    expect(back.map((level) => Math.round(level * 1e6) / 1e6)).toEqual(yuv);
  });
});

const applied = (rows: readonly AffineRow[], [a = 0, b = 0, c = 0]: readonly number[]) =>
  rows.map(({ weights, plus }) => a * weights[0] + b * weights[1] + c * weights[2] + plus);
