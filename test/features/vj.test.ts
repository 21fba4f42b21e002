import { beforeAll, describe, expect, it } from '@jest/globals';
import { localConfig } from '../../runtime/config.ts';
import { localToolbox } from '../../runtime/local-ports.ts';
import { makeClip } from '../fixtures/make.ts';
import { plainClip, withAlpha } from '../fixtures/stage-clips.ts';
import { decodeRgba, firstPacket, streamOf } from '../support/ffprobe.ts';
import { readHapFrame } from '../support/hap-frame.ts';
import { hapPicture } from '../support/hap-picture.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/** Other sources: test/wide/vj-of-each-kind.test.ts. */
const ALPHA = withAlpha('a.mov', ['prores_ks', '-profile:v', '4444']);

let mill: TestMill;
let others: readonly string[];
beforeAll(async () => {
  mill = await testMill();
  const { all } = await localToolbox(localConfig(), new AbortController().signal);
  others = all.map(({ path }) => path);
});

/** Decoders other than the encoder's own build, where this machine has any. */
const decoders = () => others;

describe('the recipe vj', () => {
  it.each([
    { settings: { codec: 'hap' }, file: 'hap.mov', texture: 'DXT1' },
    { settings: { codec: 'hap', quality: 'high' }, file: 'hapq.mov', texture: 'YCoCg-DXT5' },
    { settings: { codec: 'hapalpha' }, file: 'hapalpha.mov', texture: 'DXT5' },
  ])(
    'makes $file, which a decoder of our own reads as $texture and sees as ffmpeg does',
    async ({ settings, file, texture }) => {
      const { manifest, path, outcome } = await mill.run(await makeClip(plainClip), 'vj', settings);
      expect(outcome).toMatchObject({ status: 'done' });
      const [rendition] = (await manifest()).renditions;
      expect(rendition).toMatchObject({ path: file, codec: 'hap', width: 168, height: 100, frames: 10 });
      expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
      const packet = await firstPacket(path(file));
      expect(readHapFrame(packet)).toEqual([expect.objectContaining({ texture, compressor: 'snappy', chunks: 1 })]);
      const ours = hapPicture(packet, { width: 168, height: 100 });
      const theirs = await decodeRgba('ffmpeg', path(file), 1);
      expect(ours).toHaveLength(theirs.length);
      expect(ours.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? 0))), 0)).toBeLessThan(4);
      expect(await streamOf(path(file), 'a:0')).toMatchObject({ codec_name: 'pcm_s16le' });
    },
  );

  it('makes DXV3 with the ffmpeg that can, in blocks of 16', async () => {
    const { manifest, path } = await mill.run(await makeClip(plainClip), 'vj', { codec: 'dxv' });
    const [rendition] = (await manifest()).renditions;
    expect(rendition).toMatchObject({ path: 'dxv.mov', codec: 'dxv', codecString: 'DXD3', width: 176, height: 112 });
    expect(rendition?.tool).not.toContain('libx265');
    expect(await streamOf(path('dxv.mov'))).toMatchObject({ codec_name: 'dxv', codec_tag_string: 'DXD3' });
    const [first, ...rest] = await Promise.all(decoders().map((tool) => decodeRgba(tool, path('dxv.mov'), 10)));
    expect(first).toHaveLength(10 * 176 * 112 * 4);
    for (const other of rest) expect(other.equals(first ?? Buffer.alloc(0))).toBe(true);
  });

  it('keeps the alpha of ProRes 4444 in HAP Alpha', async () => {
    const { path, manifest } = await mill.run(await makeClip(ALPHA), 'vj', { codec: 'hapalpha' });
    expect((await manifest()).warnings.filter((warning) => warning.includes('the alpha channel'))).toEqual([]);
    for (const tool of decoders()) {
      const pixels = await decodeRgba(tool, path('hapalpha.mov'), 1);
      const alphaAt = (x: number) => pixels.readUInt8((48 * 160 + x) * 4 + 3);
      expect([alphaAt(20), alphaAt(140)]).toEqual([0, 255]);
    }
  });

  it('says what HAP without alpha loses', async () => {
    const { manifest } = await mill.run(await makeClip(ALPHA), 'vj', { codec: 'hap' });
    expect((await manifest()).warnings).toContainEqual(expect.stringContaining('the alpha channel'));
  });

  it('refuses alpha for DXV and names what holds it', async () => {
    const { outcome } = await mill.run(await makeClip(withAlpha('b.mov', ['png'])), 'vj', { codec: 'dxv' });
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'usage',
      reason: expect.stringMatching(/hapalpha.*Alley/),
    });
  });

  it('shows the colours of the source: BT.709 in, the same RGB out', async () => {
    const bars = ['-f', 'lavfi', '-i', 'color=c=0xC02040:size=1280x720:rate=25:duration=0.08'];
    const to709 = [
      '-vf',
      'scale=out_color_matrix=bt709,format=yuv444p',
      '-colorspace',
      'bt709',
      '-c:v',
      'libx264',
      '-qp',
      '0',
    ];
    const { path } = await mill.run(await makeClip({ file: 'red.mp4', args: [...bars, ...to709] }), 'vj');
    const [r, g, b] = (await decodeRgba('ffmpeg', path('hap.mov'), 1)).subarray(0, 3);
    expect(Math.max(Math.abs((r ?? 0) - 0xc0), Math.abs((g ?? 0) - 0x20), Math.abs((b ?? 0) - 0x40))).toBeLessThan(6);
  });
});
