import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=25:duration=0.4'];
const european = {
  file: 'pal.mp4',
  args: [
    ...[...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ...['-color_primaries', 'bt470bg', '-color_trc', 'gamma28', '-colorspace', 'bt470bg'],
  ],
};
const american = {
  file: 'ntsc.mp4',
  args: [
    ...[...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ...['-color_primaries', 'bt470m', '-color_trc', 'gamma22', '-colorspace', 'fcc'],
  ],
};
const rgb = { file: 'rgb.mkv', args: [...picture, '-c:v', 'libx264rgb', '-pix_fmt', 'rgb24'] };
const strange = {
  file: 'ycgco.mp4',
  args: [
    ...[...picture, '-vf', 'format=yuv444p,setparams=colorspace=ycgco:color_primaries=smpte432:color_trc=bt709'],
    ...['-c:v', 'libx265', '-x265-params', 'log-level=error:colorprim=smpte432:transfer=bt709:colormatrix=ycgco'],
  ],
};
const FAST = { preset: 'ultrafast', evenIfLarger: 'true' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('colours that ffprobe names otherwise than ffmpeg takes them', () => {
  it.each([
    { of: 'PAL', source: european, recipe: 'preserve', settings: FAST },
    { of: 'NTSC of 1953', source: american, recipe: 'preserve', settings: FAST },
    { of: 'RGB', source: rgb, recipe: 'preserve', settings: FAST },
    { of: 'YCgCo and P3', source: strange, recipe: 'preserve', settings: FAST },
    { of: 'YCgCo and P3', source: strange, recipe: 'ladder', settings: { preset: 'ultrafast' } },
    { of: 'YCgCo and P3', source: strange, recipe: 'mezzanine', settings: { profile: 'proxy' } },
    { of: 'PAL', source: european, recipe: 'mezzanine', settings: { profile: 'proxy' } },
    { of: 'PAL', source: european, recipe: 'ladder', settings: { preset: 'ultrafast' } },
  ])('are said of $of by $recipe as the source says them', async ({ source, recipe, settings }) => {
    const clip = await makeClip(source);
    const { outcome, manifest, path } = await mill.run(clip, recipe, settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const [made] = (await manifest()).renditions;
    const said = ({ color_primaries, color_transfer, color_space }: Record<string, string | number>) => [
      color_primaries,
      color_transfer,
      color_space,
    ];
    expect(said(await streamOf(path(made?.path ?? '')))).toEqual(said(await streamOf(clip)));
  });
});
