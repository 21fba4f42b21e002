import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodedFrames } from '../support/decoded-frames.ts';
import { testMill } from '../support/mill.ts';

const film = ['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=24000/1001:duration=2.002'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=2'];
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ilme+ildct', '-c:a', 'mp2'];
const telecined = {
  file: 'telecined.mkv',
  args: [...film, ...sound, '-vf', 'telecine=first_field=top:pattern=23,setfield=tff', ...mpeg2],
};
const asked = { preset: 'ultrafast', segmentSeconds: '1', model: 'websr-s-rl', telecine: 'inverse' };

describe('upscale undoes telecine', () => {
  it("and makes the film's 48 frames from 60 interlaced ones, at even times, with its sound", async () => {
    const clip = await makeClip(telecined);
    expect(await decodedFrames(clip, 'yuv420p')).toHaveLength(60);
    const mill = await testMill();
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', asked);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, streams } = await manifest();
    expect(renditions[0]).toMatchObject({ width: 256, height: 192, frames: 48 });
    expect(streams.map(({ type }) => type)).toEqual(['video', 'audio']);
    const frames = await decodedFrames(path('upscaled.mp4'), 'yuv420p');
    const first = frames[0]?.seconds ?? 0;
    for (const [i, { seconds }] of frames.entries())
      expect(Math.abs(seconds - first - (i * 1001) / 24_000)).toBeLessThan(0.002);
  });

  it('refuses other values', async () => {
    const mill = await testMill();
    const { outcome } = await mill.run(await makeClip(telecined), 'upscale', { ...asked, telecine: 'yes' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage' });
  });
});
