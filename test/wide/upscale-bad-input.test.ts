import { open } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodedFrames } from '../support/decoded-frames.ts';
import { packetPlaces } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const picture = (size: string, seconds = 0.4) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=25:duration=${seconds}`,
];
const lossless = ['-c:v', 'ffv1', '-pix_fmt', 'yuv444p'];
const QUICK = { preset: 'ultrafast', segmentSeconds: '1', model: 'websr-s-rl' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('upscale', () => {
  it.each([
    { size: '1x1', code: 'bad-input', reason: 'would be 2x2; HEVC needs at least 16x16' },
    { size: '64x6', code: 'bad-input', reason: 'would be 128x12; HEVC needs at least 16x16' },
    { size: '7680x4320', code: 'over-limit', reason: '2 times 7680x4320 would be 15360x8640; at most' },
  ])('refuses $size because of the size, and publishes nothing', async ({ size, code, reason }) => {
    const plain = ['-f', 'lavfi', '-i', 'color=red:size=16x16:rate=25:duration=0.04', '-vf', `scale=${size}`];
    const clip = await makeClip({ file: `${size}.mkv`, args: [...plain, ...lossless] });
    const { outcome, manifest } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'failed', code, reason: expect.stringContaining(reason) });
    await expect(manifest()).rejects.toThrow('ENOENT');
  });

  it('makes the smallest possible picture', async () => {
    const clip = await makeClip({ file: '8x8.mkv', args: [...picture('8x8'), ...lossless] });
    const { outcome, manifest } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ width: 16, height: 16, frames: 10 });
  });

  it('leaves out transparency, and warns', async () => {
    const args = [...picture('64x48'), '-vf', 'format=yuva420p,colorchannelmixer=aa=0.5', '-c:v', 'ffv1'];
    const { outcome, manifest } = await mill.run(await makeClip({ file: 'alpha.mkv', args }), 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { warnings, renditions } = await manifest();
    expect(warnings.join()).toContain('the alpha channel');
    expect(renditions[0]).toMatchObject({ frames: 10 });
  });

  it('makes the frames that a source with a damaged middle decodes to', async () => {
    const args = [...picture('64x48', 2), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'];
    const clip = await mill.own(await makeClip({ file: 'whole.mov', args }), 'damaged.mov');
    await damaged(clip, 25);
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { warnings, renditions } = await manifest();
    expect(warnings.join()).toContain('the packets do not tell the frames');
    const [was, is] = await Promise.all([clip, path('upscaled.mp4')].map((file) => decodedFrames(file, 'yuvj420p')));
    expect(was).toHaveLength(49);
    expect(renditions[0]?.frames).toBe(49);
    expect(is?.map(({ seconds }) => seconds)).toEqual(was?.map(({ seconds }) => expect.closeTo(seconds, 3)));
  });
});

/** Overwrites one packet of a file. */
async function damaged(path: string, packet: number): Promise<void> {
  const { at, bytes } = (await packetPlaces(path, 'v:0'))[packet] ?? { at: 0, bytes: 0 };
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.alloc(bytes), 0, bytes, at);
  } finally {
    await file.close();
  }
}
