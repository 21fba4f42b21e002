import { beforeAll, describe, expect, it } from '@jest/globals';
import { localConfig } from '../../runtime/config.ts';
import { localToolbox } from '../../runtime/local-ports.ts';
import { makeClip } from '../fixtures/make.ts';
import { plainClip, stagePicture, withAlpha } from '../fixtures/stage-clips.ts';
import { decodeRgba } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('the recipe vj', () => {
  it.each([
    { of: 'DV', file: 'tape.dv', args: ['-target', 'pal-dv'] },
    { of: 'AVI', file: 'pcm.avi', args: ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le'] },
    { of: 'MKV', file: 'pcm.mkv', args: ['-c:v', 'libx264', '-c:a', 'pcm_s24le'] },
    { of: 'a camera', file: 'pcm.mov', args: ['-c:v', 'mjpeg', '-af', 'asetnsamples=1601', '-c:a', 'pcm_s16be'] },
  ])('copies the samples of $of, however many of them it puts into a packet', async ({ file, args }) => {
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=0.4:sample_rate=48000'];
    const source = await makeClip({ file, args: [...stagePicture('166x98'), ...sound, ...args] });
    const { outcome, manifest } = await mill.run(source, 'vj');
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect((await manifest()).renditions[0]?.checks).toContainEqual(
      expect.objectContaining({ name: 'stream 1 is copied bit for bit', passed: true }),
    );
  });

  it.each(['bt470bg', 'ycgco'])('takes a source that says its matrix is %s', async (matrix) => {
    const said = { file: `${matrix}.mp4`, args: [...plainClip.args, '-colorspace', matrix] };
    const { outcome, manifest } = await mill.run(await makeClip(said), 'vj', { codec: 'dxv' });
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect((await manifest()).renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  it.each([
    { of: 'PNG in MOV', file: 'b.mov', codec: ['png'] },
    { of: 'VP9 in WebM', file: 'c.webm', codec: ['libvpx-vp9', '-pix_fmt', 'yuva420p'] },
  ])('keeps the alpha of $of in HAP Alpha', async ({ file, codec }) => {
    const { path, manifest } = await mill.run(await makeClip(withAlpha(file, codec)), 'vj', { codec: 'hapalpha' });
    expect((await manifest()).warnings.filter((warning) => warning.includes('the alpha channel'))).toEqual([]);
    const { all } = await localToolbox(localConfig(), new AbortController().signal);
    for (const tool of all) {
      const pixels = await decodeRgba(tool.path, path('hapalpha.mov'), 1);
      const alphaAt = (x: number) => pixels.readUInt8((48 * 160 + x) * 4 + 3);
      expect([alphaAt(20), alphaAt(140)]).toEqual([0, 255]);
    }
  });
});
