import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1:r=48000'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

it.each([
  { codec: 'pcm_bluray', file: 'disc.m2ts', more: ['-ac', '2'], made: 'pcm_s16le' },
  { codec: 's302m', file: 'studio.ts', more: ['-ac', '2', '-strict', '-2'], made: 'pcm_s16le' },
  { codec: 'pcm_s8', file: 'old.mov', more: [], made: 'pcm_s16le' },
  { codec: 'pcm_f32be', file: 'mix.mov', more: [], made: 'pcm_f32le' },
  { codec: 'pcm_f64be', file: 'mix-64.mov', more: [], made: 'pcm_f64le' },
])('$codec, which Matroska cannot hold, becomes $made of the same samples', async ({ codec, file, more, made }) => {
  const source = await makeClip({ file, args: [...picture, ...x264, '-c:a', codec, ...more] });
  const { manifest, path } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
  expect(manifest.warnings.filter((line) => line.includes('second way'))).toEqual([]);
  expect(manifest.streams[1]).toMatchObject({
    fate: 'converted',
    why: expect.stringContaining(`cannot hold ${codec}`),
  });
  expect(await streamOf(path('preserve.mkv'), 'a:0')).toMatchObject({ codec_name: made });
  const same = manifest.renditions[0]?.checks.find(({ name }) => name === 'sound of stream 1 has the same samples');
  expect(same).toMatchObject({ passed: true });
});
