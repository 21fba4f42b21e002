import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodedFrames } from '../support/decoded-frames.ts';
import { testMill } from '../support/mill.ts';
import { reelmill } from '../support/reelmill.ts';

const film = ['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=24000/1001:duration=2.002'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=2'];
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ilme+ildct', '-c:a', 'mp2'];
const telecined = {
  file: 'telecined.mkv',
  args: [...film, ...sound, '-vf', 'telecine=first_field=top:pattern=23,setfield=tff', ...mpeg2],
};
const flaggedWrong = {
  file: 'flagged-wrong.mkv',
  args: [...film, ...sound, '-vf', 'telecine=first_field=top:pattern=23,setfield=bff', ...mpeg2],
};
const plain = (rate: string, more: readonly string[]) => ({
  file: 'plain.mkv',
  args: [
    ...['-f', 'lavfi', '-i', `testsrc2=size=128x96:rate=${rate}:duration=3`, ...sound, ...more],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'ac3'],
  ],
});
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
    expect(renditions[0]?.metadata).toContainEqual(expect.objectContaining({ name: 'encoder', fate: 'dropped' }));
    expect(streams.map(({ type }) => type)).toEqual(['video', 'audio']);
    const frames = await decodedFrames(path('upscaled.mp4'), 'yuv420p');
    const first = frames[0]?.seconds ?? 0;
    for (const [i, { seconds }] of frames.entries())
      expect(Math.abs(seconds - first - (i * 1001) / 24_000)).toBeLessThan(0.000_03);
  });

  it('and lists nothing that stands in the film between: this program stream names no program', async () => {
    const mill = await testMill();
    const { manifest } = await mill.run(await makeClip({ ...telecined, file: 'telecined.mpg' }), 'upscale', asked);
    expect((await manifest()).renditions[0]?.metadata).toEqual([]);
  });

  it('and plays it at 25 pictures a second that follow each other by 40 ms', async () => {
    const mill = await testMill();
    const { outcome, path } = await mill.run(await makeClip(telecined), 'upscale', { ...asked, fps: '25' });
    expect(outcome).toMatchObject({ status: 'done' });
    const frames = await decodedFrames(path('upscaled.mp4'), 'yuv420p');
    const steps = frames.slice(1).map(({ seconds }, i) => seconds - (frames[i]?.seconds ?? 0));
    expect(steps).toHaveLength(47);
    for (const step of steps) expect(Math.abs(step - 0.04)).toBeLessThan(0.000_03);
  });

  it('is planned with the frames that it makes, and tells of no picture of each frame', async () => {
    const settings = Object.entries(asked).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const plan = ['plan', await makeClip(telecined), '--recipe', 'upscale', '--json'];
    const { code, last } = await reelmill([...plan, ...settings]);
    expect(code).toBe(0);
    expect(last?.renditions).toMatchObject([{ name: 'upscaled', frames: 48 }]);
    const warnings = last?.warnings;
    expect(warnings).not.toContainEqual(expect.stringContaining('of each frame'));
    expect(warnings).toContainEqual(
      expect.stringMatching(/^telecine=inverse makes about 48 frames, 23.98 a second, of the source's 60:/),
    );
  });

  it('tells the codec of its source, whose picture is not lossless', async () => {
    const mill = await testMill();
    const { outcome, manifest } = await mill.run(await makeClip(telecined), 'upscale', asked);
    expect(outcome).toMatchObject({ status: 'done' });
    const { warnings, source } = await manifest();
    expect(source.streams[0]).toMatchObject({ codec: 'mpeg2video' });
    expect(warnings.filter((each) => each.includes('the source is lossless'))).toEqual([]);
  });

  it('is in step with fields that are flagged in the wrong order', async () => {
    const mill = await testMill();
    const clip = await makeClip(flaggedWrong);
    const { outcome, path } = await mill.run(clip, 'upscale', { ...asked, crf: '12' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await decodedFrames(path('upscaled.mp4'), 'yuv420p')).toHaveLength(48);
  });

  it.each([
    { what: 'with 25 pictures a second', clip: plain('25', []), reason: 'has 25 frames a second' },
    { what: 'with 29.97 whole pictures a second', clip: plain('30000/1001', []), reason: 'repeats no fields' },
    {
      what: 'of a rate that varies',
      clip: plain('60', ['-vf', "select='not(mod(n,2))+gt(mod(t,1),0.5)',settb=1/1000", '-fps_mode', 'passthrough']),
      reason: 'has frames of different lengths',
    },
  ])('refuses a film $what, before anything is encoded, and so does its plan', async ({ clip, reason }) => {
    const mill = await testMill();
    const source = await makeClip(clip);
    const { outcome, events } = await mill.run(source, 'upscale', asked);
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage', reason: expect.stringContaining(reason) });
    expect(outcome).toMatchObject({ reason: expect.stringContaining('leave telecine=inverse out') });
    expect(events.filter(({ type }) => type === 'segment.done')).toEqual([]);
    const settings = Object.entries(asked).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const planned = await reelmill(['plan', source, '--recipe', 'upscale', '--json', ...settings]);
    expect({ status: planned.code, said: planned.stderr }).toEqual({
      status: 64,
      said: expect.stringContaining(reason),
    });
  });

  it('refuses other values', async () => {
    const mill = await testMill();
    const { outcome } = await mill.run(await makeClip(telecined), 'upscale', { ...asked, telecine: 'yes' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage' });
  });
});
