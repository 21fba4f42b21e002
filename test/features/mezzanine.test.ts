import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { keyframeTimes, streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=30000/1001:duration=0.4'];
const plain = { file: 'plain.mkv', args: [...picture, '-f', 'lavfi', '-i', 'sine=duration=0.4', '-c:a', 'flac'] };
const turned = {
  file: 'full.mp4',
  args: [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuvj420p', '-color_range', 'pc', '-movflags', '+faststart'],
};

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('the recipe mezzanine', () => {
  it.each([
    { profile: 'proxy', codec: 'prores', tag: 'apco', says: 'Proxy' },
    { profile: 'lt', codec: 'prores', tag: 'apcs', says: 'LT' },
    { profile: '422', codec: 'prores', tag: 'apcn', says: 'Standard' },
    { profile: 'hq', codec: 'prores', tag: 'apch', says: 'HQ' },
    { profile: 'hevc-intra', codec: 'hevc', tag: 'hvc1', says: 'Rext' },
  ])(
    'makes $profile: every frame by itself, 10 bits, flagged as players show the source',
    async ({ profile, codec, tag, says }) => {
      const { manifest, path, outcome } = await mill.run(await makeClip(plain), 'mezzanine', { profile });
      expect(outcome).toMatchObject({ status: 'done' });
      const [rendition] = (await manifest()).renditions;
      expect(rendition).toMatchObject({ path: `${profile}.mov`, codec, frames: 12 });
      const stream = await streamOf(path(`${profile}.mov`));
      expect(stream).toMatchObject({ codec_tag_string: tag, color_primaries: 'bt709', color_transfer: 'smpte170m' });
      expect(stream).toMatchObject({ color_space: 'smpte170m', profile: expect.stringMatching(new RegExp(says, 'i')) });
      expect(stream.pix_fmt).toMatch(/10le$/);
      expect(await keyframeTimes(path(`${profile}.mov`))).toHaveLength(12);
      expect(await streamOf(path(`${profile}.mov`), 'a:0')).toMatchObject({ codec_name: 'pcm_s16le' });
    },
  );

  it('brings full range to the limited one it flags', async () => {
    const { path } = await mill.run(await makeClip(turned), 'mezzanine', { profile: 'proxy' });
    expect(await streamOf(path('proxy.mov'))).toMatchObject({ color_range: 'tv' });
  });

  it("keeps HDR10's mastering display and light levels, which ProRes has no place for, beside the picture", async () => {
    const display = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';
    const params = `log-level=error:hdr10=1:repeat-headers=1:master-display=${display}:max-cll=1000,400`;
    const colour = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
    const codec = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-x265-params', params];
    const film = await makeClip({ file: 'hdr10.mp4', args: [...picture, ...codec, ...colour] });
    const { path } = await mill.run(film, 'mezzanine', { profile: 'proxy' });
    const { stdout } = await promisify(execFile)('mediainfo', ['--Output=JSON', path('proxy.mov')]);
    const video = JSON.parse(stdout).media.track.find((track: Record<string, string>) => track['@type'] === 'Video');
    expect(video).toMatchObject({
      MasteringDisplay_ColorPrimaries: 'Display P3',
      MasteringDisplay_Luminance: 'min: 0.0050 cd/m2, max: 1000 cd/m2',
      MaxCLL: '1000 cd/m2',
      MaxFALL: '400 cd/m2',
    });
  });

  it('takes a picture of odd sides with half the chroma', async () => {
    const odd = { file: 'odd.mkv', args: [...picture, '-vf', 'scale=161:95', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'] };
    const { outcome, manifest } = await mill.run(await makeClip(odd), 'mezzanine', { profile: 'proxy' });
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect((await manifest()).renditions[0]).toMatchObject({ width: 162, height: 95, frames: 12 });
  });

  it('names the profiles there are', async () => {
    const { outcome } = await mill.run(await makeClip(plain), 'mezzanine', { profile: '4445' });
    expect(outcome).toMatchObject({ code: 'usage', reason: expect.stringContaining('proxy|lt|422|hq|4444|4444xq|') });
  });
});
