import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodeRgba } from '../support/ffprobe.ts';
import { milledFile } from '../support/mill.ts';

/** Four patches in XYZ of 12 bits, as a cinema's projector is given them. */
const CINEMA = {
  file: 'cinema.mxf',
  args: [
    ...['-f', 'lavfi', '-i', 'color=white:s=96x64:r=24:d=0.25'],
    ...['-vf', 'drawbox=0:0:48:32:red:fill,drawbox=48:0:48:32:lime:fill,drawbox=0:32:48:32:blue:fill,format=rgb24'],
    ...[
      '-c:v',
      'libopenjpeg',
      '-cinema_mode',
      '2k_24',
      '-profile',
      'cinema2k',
      '-format',
      'j2k',
      '-pix_fmt',
      'xyz12le',
    ],
  ],
};

const settings = { preset: 'ultrafast', evenIfLarger: 'true' };

describe('a picture in XYZ', () => {
  it.each([
    { recipe: 'preserve', given: settings, made: 'preserve.mp4' },
    { recipe: 'preserve', given: { ...settings, lossless: 'true' }, made: 'preserve.mp4' },
    { recipe: 'mezzanine', given: { profile: '4444' }, made: '4444.mov' },
    { recipe: 'vj', given: {}, made: 'hap.mov' },
  ])(
    'has the colours that a player shows of it, and this is told: $recipe with $given',
    async ({ recipe, given, made }) => {
      const source = await makeClip(CINEMA);
      const { manifest, path } = await milledFile(source, given, recipe);
      expect(manifest.renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(manifest.warnings).toContainEqual(expect.stringContaining('the picture is in XYZ'));
      expect(manifest.warnings.join()).not.toContain('keeps every pixel');
      const [shown, found] = await Promise.all([source, path(made)].map((file) => decodeRgba('ffmpeg', file, 1)));
      for (const [x, y] of [
        [10, 10],
        [80, 10],
        [10, 50],
        [80, 50],
      ] as const) {
        const at = 4 * (y * 96 + x);
        const errors = [0, 1, 2].map((i) => Math.abs((shown?.[at + i] ?? 0) - (found?.[at + i] ?? 255)));
        expect(Math.max(...errors)).toBeLessThan(12);
      }
    },
  );
});
