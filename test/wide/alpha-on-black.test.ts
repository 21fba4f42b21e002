import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodeRgba } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/** Orange everywhere: under the first quarter nothing of it is to be seen, in the second half of it, then all. */
const VEILED = [
  ...['-f', 'lavfi', '-i', 'color=0xF08020:s=160x96:r=25:d=0.12'],
  ...['-vf', "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,40),0,if(lt(X,80),128,255))'"],
];
const SOURCES = {
  'ProRes 4444': { file: 'veil.mov', args: [...VEILED, '-c:v', 'prores_ks', '-profile:v', '4444'] },
  'PNG in MOV': { file: 'png.mov', args: [...VEILED, '-c:v', 'png'] },
  'VP9 in WebM': { file: 'veil.webm', args: [...VEILED, '-c:v', 'libvpx-vp9', '-crf', '10', '-pix_fmt', 'yuva420p'] },
  'full-range FFV1': {
    file: 'full.mkv',
    args: [
      ...[...VEILED.slice(0, 5), `${VEILED[5]},scale=out_range=pc:out_color_matrix=bt709,format=yuva422p10le`],
      ...['-c:v', 'ffv1', '-color_range', 'pc', '-colorspace', 'bt709'],
    ],
  },
} as const;

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('what is transparent is black where the alpha is dropped', () => {
  it.each([
    { of: 'ProRes 4444', recipe: 'vj', settings: { codec: 'hap' }, file: 'hap.mov' },
    { of: 'ProRes 4444', recipe: 'mezzanine', settings: { profile: '422' }, file: '422.mov' },
    { of: 'full-range FFV1', recipe: 'mezzanine', settings: { profile: 'hevc-intra' }, file: 'hevc-intra.mov' },
    {
      of: 'full-range FFV1',
      recipe: 'preserve',
      settings: { preset: 'ultrafast', evenIfLarger: true },
      file: 'preserve.mp4',
    },
    { of: 'VP9 in WebM', recipe: 'preserve', settings: { lossless: true, preset: 'ultrafast' }, file: 'preserve.mp4' },
    {
      of: 'PNG in MOV',
      recipe: 'preserve',
      settings: { preset: 'ultrafast', evenIfLarger: true },
      file: 'preserve.mp4',
    },
    { of: 'PNG in MOV', recipe: 'ladder', settings: { preset: 'ultrafast' }, file: 'sd.mp4' },
  ] as const)('$recipe of $of, with $settings', async ({ of, recipe, settings, file }) => {
    const { outcome, manifest, path } = await mill.run(await makeClip(SOURCES[of]), recipe, settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const { renditions, warnings } = await manifest();
    expect(renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(/ shows black where the source is transparent$/));
    const pixels = await decodeRgba('ffmpeg', path(file), 1);
    const at = (x: number) => [0, 1, 2].map((i) => pixels[4 * (48 * 160 + x) + i] ?? 0);
    const off = (found: readonly number[], wanted: readonly number[]) =>
      Math.max(...found.map((each, i) => Math.abs(each - (wanted[i] ?? 0))));
    expect(off(at(20), [0, 0, 0])).toBeLessThan(8);
    expect(off(at(60), [120, 64, 16])).toBeLessThan(14);
    expect(off(at(120), [240, 128, 32])).toBeLessThan(14);
  });

  it('and stays as it was where it is kept', async () => {
    const { path } = await mill.run(await makeClip(SOURCES['PNG in MOV']), 'vj', { codec: 'hapalpha' });
    const pixels = await decodeRgba('ffmpeg', path('hapalpha.mov'), 1);
    const alphaAt = (x: number) => pixels[4 * (48 * 160 + x) + 3] ?? -1;
    expect([alphaAt(20), alphaAt(120)]).toEqual([0, 255]);
    expect(Math.abs(alphaAt(60) - 128)).toBeLessThan(3);
  });
});
