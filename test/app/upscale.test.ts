import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { resolveSettings } from '../../core/recipes/settings.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { upscale } from '../../core/recipes/upscale.ts';
import { makeClip } from '../fixtures/make.ts';
import { packetsOf, streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/test-mill.ts';

const picture = (size: string) => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=0.4`];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=0.4'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-bf', '0'];
const plain = { file: 'plain.mp4', args: [...picture('64x48'), ...sound, ...x264, '-pix_fmt', 'yuv420p'] };
const uneven = {
  file: 'uneven.mp4',
  args: [
    ...[...picture('64x48'), ...sound, '-vf', 'settb=1/90000,setpts=N*3600+mod(N\\,3)*500'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', ...x264, '-pix_fmt', 'yuv420p'],
  ],
};
const QUICK = { preset: 'ultrafast', segmentSeconds: '1', model: 'websr-s-rl' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('the recipe upscale', () => {
  it.each([
    { of: 'an even rate', source: plain },
    { of: 'uneven times', source: uneven },
    { of: 'odd sides', source: { file: 'odd.mkv', args: [...picture('65x49'), ...sound, '-c:v', 'ffv1'] }, size: [130, 98] },
    { of: 'ten bits', source: { file: 'ten.mp4', args: [...picture('64x48'), ...sound, ...x264, '-pix_fmt', 'yuv420p10le'] } },
    { of: 'RGB', source: { file: 'rgb.mov', args: [...picture('64x48'), ...sound, '-c:v', 'png'] } },
  ])('makes a picture of $of exactly twice as large, frame for frame', async ({ source, size = [128, 96] }) => {
    const clip = await makeClip(source);
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await manifest()).renditions;
    expect(rendition).toMatchObject({ width: size[0], height: size[1], frames: 10, codec: 'hevc' });
    expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
    const made = path('upscaled.mp4');
    expect(await streamOf(made)).toMatchObject({ width: size[0], height: size[1] });
    const [was, is] = await Promise.all([clip, made].map((file) => secondsOf(file)));
    expect(is).toHaveLength(10);
    for (const [i, seconds] of (is ?? []).entries()) expect(seconds).toBeCloseTo(was?.[i] ?? -1, 3);
    const [soundWas, soundIs] = await Promise.all([clip, made].map((file) => packetsOf(file, 'a:0')));
    if (source.file.endsWith('.mp4')) expect(soundIs).toEqual(soundWas);
  });

  it('gives the same when the frames are fed from one decode', async () => {
    const clip = await makeClip({ file: 'plain.ts', args: [...picture('64x48'), ...x264, '-pix_fmt', 'yuv420p'] });
    const { outcome, manifest } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions).toMatchObject([{ width: 128, height: 96, frames: 10 }]);
  });
});
