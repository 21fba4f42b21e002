import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/** The same fields, of which the lower ones come first in truth, in files that say one or the other. */
const fields = ['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=50:duration=1', '-vf'];
const lower = 'format=yuv422p,tinterlace=interleave_bottom,setfield=';
const asDvd = (order: 'tff' | 'bff') => ({
  file: 'film.vob',
  args: [
    ...[...fields, `${lower}${order}`.replace('yuv422p', 'yuv420p'), '-c:v', 'mpeg2video', '-q:v', '2', '-g', '1'],
    ...['-flags', '+ilme+ildct', '-top', order === 'tff' ? '1' : '0', '-f', 'vob'],
  ],
});
const raw = (order: 'tff' | 'bff') => ({
  file: 'film.mkv',
  args: [...fields, `${lower}${order}`, '-c:v', 'rawvideo', '-field_order', order === 'tff' ? 'tt' : 'bb'],
});
const settings = { preset: 'ultrafast', evenIfLarger: 'true' };

describe('two films of the same lines that differ in which field comes first', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });

  it.each([
    { container: 'MPEG-PS, which is decoded to be cut', of: asDvd },
    { container: 'Matroska, which alone says it of raw pictures', of: raw },
  ])('share no piece: $container', async ({ of }) => {
    for (const order of ['bff', 'tff'] as const) {
      const clip = await mill.own(await makeClip(of(order)), `${order}-${of(order).file}`);
      expect((await streamOf(clip)).field_order).toMatch(
        order === 'tff' ? /^tt|tb|progressive$/ : /^bb|bt|progressive$/,
      );
      const { outcome, encoded, manifest } = await mill.run(clip, 'preserve', settings);
      expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
      expect(encoded()).toEqual({ preserve: 1 });
      expect((await manifest()).renditions[0]?.command.join(' ')).toContain('bwdif');
    }
  });
});
