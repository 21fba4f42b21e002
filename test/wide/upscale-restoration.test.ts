import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x72:rate=25:duration=1.2'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-g', '10', '-pix_fmt', 'yuv420p'];
const QUICK = { preset: 'ultrafast', segmentSeconds: '1', model: 'websr-s-rl' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('upscale restores', () => {
  it.each([
    {
      what: 'bars away, found by themselves',
      filters: 'pad=96:96:0:12',
      asked: { crop: 'auto' },
      stream: { width: 192, height: 144 },
    },
    {
      what: 'nothing where there are no bars',
      filters: 'null',
      asked: { crop: 'auto' },
      stream: { width: 192, height: 144 },
    },
    {
      what: 'square pixels',
      filters: 'setsar=4/3',
      asked: { desqueeze: 'true' },
      stream: { width: 256, height: 144, sample_aspect_ratio: '1:1' },
    },
    {
      what: 'BT.709',
      filters: 'setparams=colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m',
      asked: { colour: 'bt709' },
      stream: { color_space: 'bt709', color_primaries: 'bt709', color_transfer: 'bt709' },
    },
    { what: 'noise away', filters: 'noise=c0s=8:allf=t', asked: { denoise: 'strong' }, stream: { width: 192 } },
    {
      what: 'whole frames of fields',
      filters: 'interlace=lowpass=0',
      asked: { deinterlace: 'on', segmentSeconds: '1' },
      stream: { width: 192 },
    },
    {
      what: 'all at once',
      filters: 'pad=96:96:0:12,setsar=4/3,noise=c0s=8:allf=t',
      asked: { crop: 'auto', desqueeze: 'true', colour: 'bt709', denoise: 'light', deinterlace: 'on' },
      stream: { width: 256, height: 144, color_space: 'bt709', sample_aspect_ratio: '1:1' },
    },
  ])('$what', async ({ what, filters, asked, stream }) => {
    const args = [...picture, '-vf', filters, ...x264, '-colorspace', 'smpte170m'];
    const clip = await makeClip({ file: `${what.replaceAll(' ', '-')}.mp4`, args });
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', { ...QUICK, ...asked });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await streamOf(path('upscaled.mp4'))).toMatchObject(stream);
    const [rendition] = (await manifest()).renditions;
    const frames = Number((await streamOf(clip)).nb_frames);
    expect(rendition).toMatchObject({ frames });
    expect(rendition?.segments.total).toBeGreaterThan(1);
  });

  it('shows in the report what crop=auto found', async () => {
    const args = [...picture, '-vf', 'pad=96:96:0:12', ...x264];
    const clip = await makeClip({ file: 'bars.mp4', args });
    const { path } = await mill.run(clip, 'upscale', { ...QUICK, crop: 'auto' });
    const report = await readFile(path('report.html'), 'utf8');
    expect(report).toContain('crop=auto found 96x72 at 0,12');
    expect(report).toContain('img-src data:');
    const [, jpeg = ''] = /src="data:image\/jpeg;base64,([^"]+)"/.exec(report) ?? [];
    expect(await sharp(Buffer.from(jpeg, 'base64')).metadata()).toMatchObject({ format: 'jpeg', width: 96 });
  });

  it('records the filters in the command', async () => {
    const clip = await makeClip({ file: 'said.mp4', args: [...picture, ...x264] });
    const { manifest } = await mill.run(clip, 'upscale', { ...QUICK, denoise: 'light', crop: '64:48:2:4' });
    const command = (await manifest()).renditions[0]?.command.join(' ');
    expect(command).toContain('-vf crop=64:48:2:4,atadenoise=s=5');
  });
});
