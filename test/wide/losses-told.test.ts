import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClipSpec } from '../fixtures/clips.ts';
import { makeClip } from '../fixtures/make.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25:duration=0.4'];
const master = (file: string, ...codec: readonly string[]): ClipSpec => ({ file, args: [...picture, ...codec] });

const SETTINGS = { preset: 'ultrafast', segmentSeconds: '1' };
const EVERY_PIXEL = 'recipe preserve with lossless=true keeps every pixel';

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

const warningsOf = ({ events }: Milled) => events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));

describe('what is lost of a master', () => {
  it.each([
    ['FFV1', master('ffv1.mkv', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p')],
    ['HuffYUV', master('huffyuv.avi', '-c:v', 'huffyuv', '-pix_fmt', 'yuv422p')],
    ['lossless H.264', master('lossless.mp4', '-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv420p')],
    ['lossless H.264', master('full.ts', '-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv444p')],
    ['lossless H.264', master('intra.mov', '-c:v', 'libx264', '-qp', '0', '-g', '1', '-pix_fmt', 'yuv422p')],
  ])('%s is said once, before anything is encoded, and stands in the manifest', async (name, spec) => {
    const milled = await mill.run(await makeClip(spec), 'preserve', SETTINGS);
    const says = `the source is lossless (${name}) and what is made of it is not: ${EVERY_PIXEL}`;
    expect(warningsOf(milled).filter((message) => message === says)).toHaveLength(1);
    const types = milled.events.map(({ type }) => type);
    expect(types.indexOf('warning')).toBeLessThan(types.indexOf('job.planned'));
    expect((await milled.manifest()).warnings).toContain(says);
  });

  it.each([
    ['a lossy copy', master('lossy.mp4', '-c:v', 'libx264', '-crf', '23', '-pix_fmt', 'yuv420p'), {}],
    [
      'a lossy copy with full chroma',
      master('lossy444.mp4', '-c:v', 'libx264', '-crf', '23', '-pix_fmt', 'yuv444p'),
      {},
    ],
    [
      'a master of which every pixel is kept',
      master('kept.mkv', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'),
      { lossless: true },
    ],
  ])('nothing is said of %s', async (_, spec, set) => {
    const milled = await mill.run(await makeClip(spec), 'preserve', { ...SETTINGS, ...set });
    expect(milled.outcome).toMatchObject({ status: 'done' });
    expect(warningsOf(milled).filter((message) => message.startsWith('the source '))).toEqual([]);
  });

  it('ProRes with alpha is a master, and loses its alpha', async () => {
    const spec = master('prores.mov', '-vf', 'format=yuva444p10le', '-c:v', 'prores_ks', '-profile:v', '4444');
    const milled = await mill.run(await makeClip(spec), 'preserve', SETTINGS);
    expect(warningsOf(milled)).toEqual([
      expect.stringMatching(
        /^preserve cannot hold the alpha channel of yuva444p1\dle; recipe vj with codec=hapalpha keeps it$/,
      ),
      `the source is a master for editing (ProRes) and what is made of it is for watching: keep the source, or ${EVERY_PIXEL}`,
      'preserve shows black where the source is transparent',
    ]);
  });
});

describe('a CRF beyond those that are recommended', () => {
  it.each(['10', '40'])('of %s makes a film of noise that passes its checks', async (crf) => {
    const noise = ['-f', 'lavfi', '-i', 'color=gray:size=160x96:rate=25:duration=1,noise=alls=100:allf=t+u'];
    const source = await makeClip({ file: 'noise.mkv', args: [...noise, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'] });
    const milled = await mill.run(source, 'preserve', { ...SETTINGS, crf });
    expect(milled.outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await milled.manifest()).renditions;
    expect(rendition?.command).toEqual(expect.arrayContaining(['-crf', crf]));
  });
});
