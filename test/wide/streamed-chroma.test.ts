import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { testMill } from '../support/mill.ts';

const run = promisify(execFile);

const small = { ...ladder, renditions: [{ ...ladder.renditions[0], fit: { shortSide: 120 } }] };

const master = (file: string, pixelFormat: string, codec: readonly string[]) => ({
  file,
  args: ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=1', '-pix_fmt', pixelFormat, '-c:v', ...codec],
});

describe.each([
  { of: 'ProRes 4:2:2', clip: master('422.mov', 'yuv422p10le', ['prores_ks', '-profile:v', '2']), bits: 10 },
  {
    of: 'ProRes 4444 with alpha',
    clip: master('4444.mov', 'yuva444p10le', ['prores_ks', '-profile:v', '4444']),
    bits: 10,
  },
  { of: 'RGB', clip: master('rgb.mkv', 'gbrp', ['ffv1']), bits: 8 },
  { of: 'grey', clip: master('grey.mkv', 'gray', ['ffv1']), bits: 8 },
])('a rung of a master in $of', ({ clip, bits }) => {
  it.each([
    { codec: 'hevc', is: { Format: 'HEVC', BitDepth: `${bits}` } },
    { codec: 'av1', is: { Format: 'AV1', BitDepth: '10' } },
  ])('is 4:2:0 in $codec, which players decode', async ({ codec, is }) => {
    const { outcome, path } = await (await testMill()).run(await makeClip(clip), small, { preset: 'ultrafast', codec });
    expect(outcome).toMatchObject({ status: 'done' });
    const { stdout } = await run('mediainfo', ['--Output=JSON', path('4k.mp4')]);
    const tracks: readonly Readonly<Record<string, string>>[] = JSON.parse(stdout).media.track;
    const picture = tracks.find((track) => track['@type'] === 'Video');
    expect(picture).toMatchObject({ ...is, ColorSpace: 'YUV', ChromaSubsampling: '4:2:0' });
  });
});
