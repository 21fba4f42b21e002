import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { packetsOf, streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=1.6'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=1.6'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-g', '10', '-pix_fmt', 'yuv420p'];
const sought = { file: 'sought.mp4', args: [...picture, ...sound, ...x264] };
const fed = { file: 'fed.ts', args: [...picture, ...sound, ...x264] };
const QUICK = { preset: 'ultrafast', segmentSeconds: '1', model: 'websr-s-rl' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('upscale with intermediate files', () => {
  it.each([
    { asked: { pre: 'proreslt' }, source: sought, command: ['prores_ks -profile:v 1'] },
    { asked: { pre: 'prores422' }, source: fed, command: ['prores_ks -profile:v 2'] },
    { asked: { mezzanine: 'prores422' }, source: sought, command: ['prores_ks -profile:v 2'] },
    { asked: { mezzanine: 'prores422hq' }, source: fed, command: ['prores_ks -profile:v 3'] },
    { asked: { mezzanine: 'hevc-intra', height: '72' }, source: sought, command: ['keyint=1:', 'scale=96:72'] },
    {
      asked: { pre: 'proreslt', mezzanine: 'prores422', fps: '24', denoise: 'light' },
      source: fed,
      command: ['prores_ks -profile:v 1', 'prores_ks -profile:v 2', 'atadenoise'],
    },
  ])('makes, with $asked, every frame once at its time', async ({ asked, source, command }) => {
    const clip = await makeClip(source);
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', { ...QUICK, ...asked });
    expect(outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await manifest()).renditions;
    expect(rendition).toMatchObject({ frames: 40, height: 'height' in asked ? 72 : 96, codec: 'hevc' });
    expect(rendition?.segments.total).toBeGreaterThan(1);
    for (const words of command) expect(rendition?.command.join(' ')).toContain(words);
    const [was, is] = await Promise.all([clip, path('upscaled.mp4')].map(secondsOf));
    const slower = 'fps' in asked ? 25 / 24 : 1;
    expect(is).toEqual(was?.map((seconds) => expect.closeTo(seconds * slower, 3)));
    const left = await readdir(join(mill.folder, 'work'), { recursive: true });
    expect(left.filter((name) => /\.nut\.(?!json)/.test(name))).toEqual([]);
  });

  it('publishes the mezzanine and makes the film from it with keepMezzanine', async () => {
    const clip = await makeClip(sought);
    const asked = { mezzanine: 'prores422', keepMezzanine: 'true', height: '72', crop: '64:40:0:4', fps: '24' };
    const { outcome, manifest, path } = await mill.run(clip, 'upscale', { ...QUICK, ...asked });
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions } = await manifest();
    expect(renditions).toMatchObject([
      { name: 'mezzanine', parent: 'source', codec: 'prores', width: 128, height: 80, frames: 40 },
      { name: 'upscaled', parent: 'mezzanine', codec: 'hevc', height: 72, frames: 40 },
    ]);
    expect(await streamOf(path('mezzanine.mov'))).toMatchObject({ r_frame_rate: '24/1', pix_fmt: 'yuv422p10le' });
    expect(await streamOf(path('upscaled.mp4'))).toMatchObject({ r_frame_rate: '24/1', pix_fmt: 'yuv422p10le' });
  });

  it('keeps full range and colour tags', async () => {
    const tags = ['-color_primaries', 'smpte170m', '-color_trc', 'smpte170m', '-colorspace', 'smpte170m'];
    const args = [...picture, '-vf', 'scale=out_range=full', ...x264, '-pix_fmt', 'yuvj420p', ...tags];
    const clip = await makeClip({ file: 'full.mp4', args });
    const { outcome, path } = await mill.run(clip, 'upscale', { ...QUICK, pre: 'prores422', mezzanine: 'prores422' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await streamOf(path('upscaled.mp4'))).toMatchObject({ color_range: 'pc', color_space: 'smpte170m' });
  });

  /** A ramp from black to white, whose ends exist only in the right range. */
  const ramp = [
    '-f',
    'lavfi',
    '-i',
    'gradients=s=64x48:r=25:d=0.4:c0=black:c1=white:x0=0:y0=0:x1=63:y1=0:speed=0.00001',
  ];
  it.each([
    { of: 'full range', filter: 'scale=out_range=full,format=yuvj420p', asked: { pre: 'prores422' } },
    { of: 'full range', filter: 'scale=out_range=full,format=yuvj420p', asked: { mezzanine: 'prores422hq' } },
    {
      of: 'full range',
      filter: 'scale=out_range=full,format=yuvj420p',
      asked: { mezzanine: 'hevc-intra', height: '72' },
    },
    { of: 'grey', filter: 'format=gray', asked: { pre: 'proreslt', mezzanine: 'prores422' } },
    { of: 'grey', filter: 'format=gray10le', asked: { mezzanine: 'hevc-intra' } },
    { of: 'grey of limited range', filter: 'format=gray,setparams=range=tv', asked: { mezzanine: 'prores422' } },
  ])('keeps black and white of $of, with $asked', async ({ filter, asked }) => {
    const codec = filter.includes('yuvj') ? ['-c:v', 'libx264', '-crf', '1', '-bf', '0'] : ['-c:v', 'ffv1', '-g', '1'];
    const clip = await makeClip({ file: 'ramp.mkv', args: [...ramp, '-vf', filter, ...codec] });
    const streamed = await mill.run(clip, 'upscale', QUICK);
    const wanted = await levelsOf(streamed.path('upscaled.mp4'));
    const { outcome, path } = await mill.run(clip, 'upscale', { ...QUICK, ...asked });
    expect(outcome).toMatchObject({ status: 'done' });
    const found = await levelsOf(path('upscaled.mp4'));
    expect(wanted.least).toBeLessThan(4);
    expect(wanted.most).toBeGreaterThan(251);
    expect(Math.abs(found.least - wanted.least)).toBeLessThan(5);
    expect(Math.abs(found.most - wanted.most)).toBeLessThan(5);
    expect(found.range).toBe(wanted.range);
  });

  it.each([
    { asked: { mezzanine: 'hevc-intra', encoder: 'nvenc' }, code: 'missing-tool', reason: 'hevc_nvenc' },
    { asked: { mezzanine: 'prores422', encoder: 'nvenc' }, code: 'usage', reason: 'with mezzanine=hevc-intra' },
    { asked: { mezzanine: 'hevc-intra', encoder: 'qsv' }, code: 'usage', reason: 'encoder=qsv does not make' },
    { asked: { encoder: 'nvenc' }, code: 'usage', reason: 'does not make an enlarged film' },
  ])('fails with $code for $asked without a card', async ({ asked, code, reason }) => {
    const { outcome } = await mill.run(await makeClip(sought), 'upscale', { ...QUICK, ...asked });
    expect(outcome).toMatchObject({ status: 'failed', code, reason: expect.stringContaining(reason) });
  });

  it('refuses keepMezzanine without a mezzanine', async () => {
    const { outcome } = await mill.run(await makeClip(sought), 'upscale', { ...QUICK, keepMezzanine: 'true' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage', reason: expect.stringContaining('name one') });
  });
});

describe("the film's encoder", () => {
  it('has the settings that keep grain, as its stream says', async () => {
    const { manifest } = await mill.run(await makeClip(sought), 'upscale', {
      segmentSeconds: '1',
      model: 'websr-s-rl',
    });
    const command = (await manifest()).renditions[0]?.command ?? [];
    const encoder = command.slice(command.lastIndexOf('-c:v'), command.lastIndexOf('-fflags'));
    expect(encoder.slice(0, 8)).toEqual(['-c:v', 'libx265', '-preset', 'faster', '-crf', '16', '-tune', 'grain']);
    const told = encoder.map((word) => word.replace('info=0', 'info=1'));
    const [lavfi, ...rest] = [['-v', 'error', ...picture], told, ['-frames:v', '2', '-f', 'hevc', '-']];
    const args = [...(lavfi ?? []), ...rest.flat()];
    const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'latin1', maxBuffer: 1 << 26 });
    const said = /options: (.*)/.exec(stdout)?.[1] ?? '';
    for (const each of ['crf=16.0', 'aq-mode=3', 'aq-strength=0.80', 'keyint=48', 'min-keyint=24', 'psy-rd=4.00'])
      expect(said).toContain(each);
  });
});

/** Presentation times of the picture, counted from the first. */
const secondsOf = async (path: string) =>
  (await packetsOf(path, 'v:0')).map(({ seconds }) => seconds).sort((a, b) => a - b);

/** The darkest and the lightest coded luma sample of the first frame in 8 bits, and the tagged range. */
async function levelsOf(path: string) {
  const { width, height, pix_fmt: format, color_range: range } = await streamOf(path);
  const count = Number(width) * Number(height);
  const args = ['-v', 'error', '-i', path, '-frames:v', '1', '-f', 'rawvideo', '-'];
  const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 26 });
  const isDeep = String(format).includes('10');
  const samples = Array.from({ length: count }, (_, i) =>
    isDeep ? stdout.readUInt16LE(2 * i) / 4 : stdout.readUInt8(i),
  );
  return { least: Math.min(...samples), most: Math.max(...samples), range };
}
