import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/** Alpha of every value that 8 bits have, over a moving picture. */
const VEILED = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=256x64:r=25:d=0.12'],
  ...['-vf', "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='X'"],
];

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

/** The alpha of the first frame, one row, from 0 to 1, in the bits that the decoder gives it. */
async function alphaOf(path: string, bits: 8 | 12, decoder: readonly string[] = []): Promise<readonly number[]> {
  const args = ['-v', 'error', ...decoder, '-i', path, '-frames:v', '1', '-vf', 'alphaextract,crop=256:1:0:32'];
  const format = bits === 8 ? 'gray' : 'gray12le';
  const run = promisify(execFile)('ffmpeg', [...args, '-pix_fmt', format, '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
  });
  const { stdout } = await run;
  const at = (x: number) => (bits === 8 ? stdout.readUInt8(x) : stdout.readUInt16LE(2 * x));
  return Array.from({ length: 256 }, (_, x) => at(x) / (2 ** bits - 1));
}

describe('ProRes 4444 in mezzanine', () => {
  it.each([
    { of: 'PNG', file: 'a.mov', args: ['-c:v', 'png'], profile: '4444', tag: 'ap4h', says: '4444' },
    {
      of: 'ProRes',
      file: 'b.mov',
      args: ['-c:v', 'prores_ks', '-profile:v', '4444'],
      profile: '4444xq',
      tag: 'ap4x',
      says: 'XQ',
    },
    {
      of: 'VP9',
      file: 'c.webm',
      args: ['-c:v', 'libvpx-vp9', '-lossless', '1', '-pix_fmt', 'yuva420p'],
      profile: '4444',
      tag: 'ap4h',
      says: '4444',
    },
  ])('has the alpha of $of, opaque where it is opaque', async ({ file, args, profile, tag, says }) => {
    const source = await makeClip({ file, args: [...VEILED, ...args] });
    const { outcome, manifest, path } = await mill.run(source, 'mezzanine', { profile });
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const { renditions, warnings } = await manifest();
    expect(renditions[0]).toMatchObject({ path: `${profile}.mov`, codec: 'prores', codecString: tag, frames: 3 });
    expect(renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(warnings.filter((each) => /alpha|transparent/.test(each))).toEqual([]);
    const stream = await streamOf(path(`${profile}.mov`));
    expect(stream).toMatchObject({
      codec_tag_string: tag,
      profile: says,
      pix_fmt: 'yuva444p12le',
      // as players assume of a picture of this size; RGB has no matrix before
      color_space: args.includes('png') ? 'bt709' : 'smpte170m',
    });
    const decoder = file.endsWith('webm') ? ['-c:v', 'libvpx-vp9'] : [];
    const was = await alphaOf(source, file === 'b.mov' ? 12 : 8, decoder);
    const is = await alphaOf(path(`${profile}.mov`), 12);
    expect([is[0], is[255]]).toEqual([0, was[255]]);
    const off = is.map((value, x) => Math.abs(value - (was[x] ?? 0)));
    expect(Math.max(...off)).toBeLessThan(1.5 / 1023); // it is encoded from 10 bits
  });

  it('has full chroma and no alpha of a source without any', async () => {
    const args = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.08', '-c:v', 'ffv1', '-pix_fmt', 'yuv444p'];
    const { manifest, path } = await mill.run(await makeClip({ file: 'a.mkv', args }), 'mezzanine', {
      profile: '4444',
    });
    expect(await streamOf(path('4444.mov'))).toMatchObject({ pix_fmt: 'yuv444p12le' });
    expect((await manifest()).warnings).toEqual([]);
  });
});
