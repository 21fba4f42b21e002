import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidates } from '../../core/recipes/renditions.ts';
import { upscale } from '../../core/recipes/upscale.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { enlargement } from '../../core/upscale/enlargement.ts';
import { UPSCALE_MODELS } from '../../core/upscale/models.ts';
import { upscalers } from '../../media/onnx/upscalers.ts';
import { makeClip } from '../fixtures/make.ts';
import { untagged } from '../media/onnx/frames.ts';
import { decodeRgba, packetsOf, streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
    {
      of: 'odd sides',
      source: {
        file: 'odd.mkv',
        args: [...picture('66x50'), ...sound, '-vf', 'crop=65:49:exact=1,format=yuv420p', '-c:v', 'ffv1'],
      },
      size: [130, 98],
    },
    {
      of: 'ten bits',
      source: { file: 'ten.mp4', args: [...picture('64x48'), ...sound, ...x264, '-pix_fmt', 'yuv420p10le'] },
    },
    {
      of: 'grey',
      source: {
        file: 'grey.mkv',
        args: [...picture('64x48'), ...sound, '-vf', 'format=gray', '-c:v', 'ffv1'],
      },
    },
    {
      of: 'grey in ten bits',
      source: {
        file: 'grey-ten.mkv',
        args: [...picture('64x48'), ...sound, '-vf', 'format=gray10le', '-c:v', 'ffv1'],
      },
    },
    { of: 'RGB', source: { file: 'rgb.mov', args: [...picture('64x48'), ...sound, '-c:v', 'png'] } },
  ])('enlarges a picture of $of exactly twice, frame for frame', async ({ source, size = [128, 96] }) => {
    const clip = await makeClip(source);
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await manifest()).renditions;
    const [model] = UPSCALE_MODELS.filter(({ id }) => id === rendition?.model?.id);
    expect(rendition?.model).toEqual({
      id: QUICK.model,
      version: model?.version,
      sha256: model?.sha256,
      device: 'cpu',
    });
    expect(rendition).toMatchObject({ width: size[0], height: size[1], frames: 10, codec: 'hevc' });
    expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
    const made = path('upscaled.mp4');
    expect(await streamOf(made)).toMatchObject({ width: size[0], height: size[1] });
    const [was, is] = await Promise.all([clip, made].map(secondsOf));
    expect(is).toHaveLength(10);
    for (const [i, seconds] of (is ?? []).entries()) expect(seconds).toBeCloseTo(was?.[i] ?? -1, 3);
  });

  it('leaves the sound as it was, packet for packet', async () => {
    const clip = await makeClip(plain);
    const { path } = await mill.run(clip, 'upscale', QUICK);
    const [was, is] = await Promise.all([clip, path('upscaled.mp4')].map((file) => packetsOf(file, 'a:0')));
    expect(is?.map(({ hash }) => hash)).toEqual(was?.map(({ hash }) => hash));
    expect(is?.length).toBeGreaterThan(10);
  });

  it('makes the same pictures where all frames are fed from one decode', async () => {
    const sought = await mill.run(
      await makeClip({ file: 'x.mp4', args: [...picture('64x48'), ...x264] }),
      'upscale',
      QUICK,
    );
    const fed = await mill.run(
      await makeClip({ file: 'x.ts', args: [...picture('64x48'), ...x264] }),
      'upscale',
      QUICK,
    );
    const [one, other] = await Promise.all(
      [sought, fed].map(({ path }) => decodeRgba('ffmpeg', path('upscaled.mp4'), 10)),
    );
    expect(one).toHaveLength(10 * 128 * 96 * 4);
    expect(other?.equals(one ?? Buffer.alloc(0))).toBe(true);
  });

  it('makes nothing a second time, and makes a new picture for another model', async () => {
    const clip = await mill.own(await makeClip(plain), 'again.mp4');
    expect((await mill.run(clip, 'upscale', QUICK)).outcome).toMatchObject({ status: 'done' });
    const second = await mill.run(clip, 'upscale', QUICK);
    expect([second.outcome.status, second.encoded()]).toEqual(['unchanged', {}]);
    const other = await mill.run(clip, 'upscale', { ...QUICK, model: 'websr-s-an' });
    expect([other.outcome.status, other.encoded()]).toEqual(['done', { upscaled: 1 }]);
  });

  it('scales the enlarged picture down to a requested height', async () => {
    const clip = await mill.own(await makeClip(plain), 'lower.mp4');
    const { outcome, manifest } = await mill.run(clip, 'upscale', { ...QUICK, height: '72' });
    expect(outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await manifest()).renditions;
    expect(rendition).toMatchObject({ width: 96, height: 72, frames: 10 });
    expect(rendition?.command.join(' ')).toContain('scale=96:72');
  });

  it("compares it with the source at the source's size, and says so", async () => {
    const { manifest } = await mill.run(await makeClip(plain), 'upscale', QUICK);
    const check = (await manifest()).renditions[0]?.checks.find(({ name }) => name === 'quality above the floor');
    expect(check?.detail).toContain('compared at 64x48, the larger picture scaled down');
  });

  it('keeps the shape of pixels, the range and the colour tags', async () => {
    const tags = ['-color_primaries', 'smpte170m', '-color_trc', 'smpte170m', '-colorspace', 'smpte170m'];
    const args = [
      ...picture('64x48'),
      '-vf',
      'scale=out_range=full,setsar=64/45',
      ...x264,
      '-pix_fmt',
      'yuvj420p',
      ...tags,
    ];
    const { path, outcome } = await mill.run(await makeClip({ file: 'tags.mp4', args }), 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await streamOf(path('upscaled.mp4'))).toMatchObject({
      ...{ sample_aspect_ratio: '64:45', color_range: 'pc', color_space: 'smpte170m', color_transfer: 'smpte170m' },
      color_primaries: 'smpte170m',
    });
  });

  it.each([
    {
      asked: { height: '98' },
      code: 'usage',
      reason: 'height=98 is more than 2 times 48 lines; it takes at most 96',
    },
    { asked: { device: 'cuda' }, code: 'missing-tool', reason: 'device=cuda' },
    { asked: { device: 'tensorrt' }, code: 'missing-tool', reason: 'device=tensorrt' },
  ])('fails with $code for $asked, and publishes nothing', async ({ asked, code, reason }) => {
    const clip = await mill.own(await makeClip(plain), `${code}-${Object.values(asked).join('')}.mp4`);
    const { outcome, manifest } = await mill.run(clip, 'upscale', { ...QUICK, ...asked });
    expect(outcome).toMatchObject({ status: 'failed', code, reason: expect.stringContaining(reason) });
    await expect(manifest()).rejects.toThrow('ENOENT');
  });
});

describe('without its model', () => {
  it.each([
    { what: 'missing', bytes: undefined, code: 'no-input', reason: 'is not at' },
    { what: 'another file', bytes: 'not a model', code: 'bad-input', reason: 'its hash is' },
  ])('upscale fails with $code where the file is $what', async ({ bytes, code, reason }) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'models'));
    if (bytes !== undefined) await writeFile(join(root, 'models', 'websr-s-rl.onnx'), bytes);
    const networks = upscalers(root);
    const enlarge = {
      ...enlargement({ model: 'websr-s-rl' }),
      from: { width: 64, height: 48, pixelFormat: 'yuv420p' },
    };
    const opened = networks.use({ ...enlarge, finish: [] }, untagged, async () => 'opened');
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(reason) });
    await networks.close();
  });
});

describe('the settings of upscale', () => {
  it.each([
    { asked: {}, model: 'websr-l-rl', scale: 2 },
    { asked: { scale: '2' }, model: 'websr-l-rl', scale: 2 },
    { asked: { scale: '4' }, model: 'realesr-animevideov3-4x', scale: 4 },
    { asked: { model: 'realesr-animevideov3-4x' }, model: 'realesr-animevideov3-4x', scale: 4 },
    { asked: { model: 'websr-s-an', crf: '12' }, model: 'websr-s-an', scale: 2 },
  ])('$asked select $model', ({ asked, model, scale }) => {
    const [rendition] = candidates(upscale, resolveSettings(upscale, asked));
    expect(rendition?.enlarge).toMatchObject({ model, scale, device: 'cpu' });
  });

  it.each([
    { asked: { scale: '3' }, says: 'scale=3 is out of range; it takes 2|4' },
    { asked: { scale: '4', model: 'websr-l-rl' }, says: 'for scale=4 there are: realesr-animevideov3-4x' },
    { asked: { model: 'esrgan' }, says: 'model=esrgan is out of range; it takes websr-s-rl|' },
    { asked: { device: 'gpu' }, says: 'device=gpu is out of range; it takes cpu|cuda|tensorrt' },
    { asked: { crf: '11' }, says: 'crf=11 is out of range; it takes 12-28' },
    { asked: { crf: '29' }, says: 'crf=29 is out of range; it takes 12-28' },
    { asked: { height: '95' }, says: 'height=95 is out of range' },
    { asked: { vmaf: '95' }, says: 'upscale has no setting "vmaf"; there are: scale (2|4), model (' },
  ])('$asked is a usage error that lists what there is', ({ asked, says }) => {
    const ask = () => candidates(upscale, resolveSettings(upscale, asked));
    expect(ask).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining(says) }));
  });
});

/** Presentation times of the picture, counted from the first. */
const secondsOf = async (path: string) =>
  (await packetsOf(path, 'v:0')).map(({ seconds }) => seconds).sort((a, b) => a - b);
