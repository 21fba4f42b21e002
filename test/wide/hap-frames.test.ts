import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodeRgba, firstPacket, streamOf } from '../support/ffprobe.ts';
import { readHapFrame } from '../support/hap-frame.ts';
import { hapPicture } from '../support/hap-picture.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const SIZE = { width: 160, height: 96 };
/** Alpha that grows from left to right, over colours and noise. */
const VEILED = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=25:d=0.2'],
  ...['-vf', "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='X*255/159'"],
];
const MOV = { file: 'veil.mov', args: [...VEILED, '-c:v', 'png'] };
/** AVI has no index that we trust: its frames are decoded once and fed to the encoder. */
const AVI = { file: 'veil.avi', args: [...VEILED, '-c:v', 'png'] };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

const furthest = (a: Buffer, b: Buffer) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 256))), 0);

describe('a frame of HAP Q Alpha', () => {
  it.each([
    { of: 'MOV', source: MOV, settings: { codec: 'hapqa' }, chunks: 1 },
    { of: 'AVI', source: AVI, settings: { codec: 'hapalpha', quality: 'high', chunks: 8 }, chunks: 8 },
  ])('of $of has both textures, as a reader of the specification sees them and as ffmpeg does', async (row) => {
    const { outcome, manifest, path } = await mill.run(await makeClip(row.source), 'vj', row.settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const [rendition] = (await manifest()).renditions;
    expect(rendition).toMatchObject({ path: 'hapqa.mov', codec: 'hap', codecString: 'HapM', frames: 5, ...SIZE });
    expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect((await manifest()).warnings.filter((each) => /alpha|transparent/.test(each))).toEqual([]);
    expect(await streamOf(path('hapqa.mov'))).toMatchObject({ codec_tag_string: 'HapM', r_frame_rate: '25/1' });
    const packet = await firstPacket(path('hapqa.mov'));
    const { chunks } = row;
    expect(readHapFrame(packet)).toEqual([
      expect.objectContaining({ texture: 'YCoCg-DXT5', chunks }),
      expect.objectContaining({ texture: 'BC4', chunks }),
    ]);
    const ours = hapPicture(packet, SIZE);
    const theirs = await decodeRgba('ffmpeg', path('hapqa.mov'), 1);
    expect(furthest(ours, theirs)).toBeLessThan(4);
    const source = await decodeRgba('ffmpeg', await makeClip(row.source), 1);
    const alpha = (pixels: Buffer) => Buffer.from(pixels.filter((_, i) => i % 4 === 3));
    expect(furthest(alpha(ours), alpha(source))).toBeLessThan(3);
  });

  it('is refused as the normal quality, which HAP Alpha is', async () => {
    const { outcome } = await mill.run(await makeClip(MOV), 'vj', { codec: 'hapqa', quality: 'normal' });
    expect(outcome).toMatchObject({ code: 'usage', reason: expect.stringContaining('codec=hapalpha') });
  });
});

describe('the chunks of a HAP frame', () => {
  it('are as many as a setting says, lowered to what divides the blocks, which is told', async () => {
    const { manifest, path } = await mill.run(await makeClip(MOV), 'vj', { codec: 'hap', chunks: 7 });
    const packet = await firstPacket(path('hap.mov'));
    expect(readHapFrame(packet)).toEqual([
      expect.objectContaining({ texture: 'DXT1', compressor: 'chunks', chunks: 6 }),
    ]);
    expect(furthest(hapPicture(packet, SIZE), await decodeRgba('ffmpeg', path('hap.mov'), 1))).toBeLessThan(4);
    expect((await manifest()).warnings).toContainEqual('hap has 6 chunks a frame: 7 do not divide its 960 blocks');
  });

  it.each(['0', '65', '2.5'])('are no %s', async (chunks) => {
    const { outcome } = await mill.run(await makeClip(MOV), 'vj', { chunks });
    expect(outcome).toMatchObject({ code: 'usage', reason: expect.stringContaining('it takes 1-64') });
  });
});
