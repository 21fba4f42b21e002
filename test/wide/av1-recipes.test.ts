import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { milledFile } from '../support/mill.ts';

const clipOf = (size: string) =>
  makeClip({
    file: `av1-${size}.mp4`,
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=0.4`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ],
  });

it.each([
  { recipe: 'downscale', size: '192x128', set: { shortSide: 64, evenIfLarger: true }, becomes: [96, 64] },
  { recipe: 'sphere', size: '256x128', set: { projection: 'equirectangular' }, becomes: [256, 128] },
  { recipe: 'upscale', size: '64x48', set: { model: 'websr-s-rl' }, becomes: [128, 96] },
  {
    recipe: 'upscale',
    size: '64x48',
    set: { model: 'websr-s-rl', mezzanine: 'prores422', pre: 'proreslt' },
    becomes: [128, 96],
  },
])('$recipe makes AV1 of $size, with $set', async ({ recipe, size, set, becomes: [width, height] }) => {
  const settings = { preset: 'ultrafast', segmentSeconds: '1', codec: 'av1', ...set };
  const { manifest, path } = await milledFile(await clipOf(size), settings, recipe);
  const [rendition] = manifest.renditions;
  expect(rendition).toMatchObject({ codec: 'av1', width, height, frames: 10 });
  expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(manifest.warnings.filter((warning) => /damaged|stays/.test(warning))).toEqual([]);
  expect(await streamOf(path(rendition?.path ?? ''))).toMatchObject({ codec_name: 'av1', pix_fmt: 'yuv420p10le' });
});
