import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const SOUND = 2; // the number of its track
const PACKET = 1024n; // how long one is, in ticks

/** A film of a fragment a packet, of whose sound every so manyth one but the first begins with the one behind it. */
const withLatePackets = (every: number) =>
  makeClip({
    file: 'late.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=3'],
      ...['-f', 'lavfi', '-i', "aevalsrc=exprs='0.5*sin(440*2*PI*t)*lt(mod(t,0.7),0.3)':s=48000:d=3"],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      ...['-movflags', 'frag_every_frame+empty_moov+default_base_moof'],
    ],
    edit: (bytes) => {
      const edited = Buffer.from(bytes);
      let packet = 0;
      for (let at = edited.indexOf('tfhd'); at >= 0; at = edited.indexOf('tfhd', at + 4)) {
        if (edited.readUInt32BE(at + 8) !== SOUND) continue;
        const time = edited.indexOf('tfdt', at) + 8;
        if (packet++ > 0 && packet % every === 0) edited.writeBigUInt64BE(edited.readBigUInt64BE(time) + PACKET, time);
      }
      return edited;
    },
  });

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('an MP4 of whose sound some packets begin at the time of another one, so that they do not decode', () => {
  const FAST = { preset: 'ultrafast' };
  const LOST =
    /^\d+ of the \d+ packets of the sound of stream 1 begin at the time of another one and do not decode, so \d+ % of it is lost/;

  it.each([
    { recipe: 'vj', settings: {} },
    { recipe: 'ladder', settings: FAST },
  ])(
    'is refused by $recipe for that one cause before anything is encoded, and made if that is accepted',
    async ({ recipe, settings }) => {
      const source = await withLatePackets(3);
      const refused = await mill.run(source, recipe, settings);
      expect(refused.outcome).toMatchObject({
        status: 'failed',
        code: 'bad-input',
        reason: expect.stringMatching(LOST),
      });
      const { outcome, manifest } = await mill.run(source, recipe, { ...settings, damaged: 'accept' });
      expect(outcome).toMatchObject({ status: 'done' });
      const { warnings } = await manifest();
      expect(warnings.filter((line) => LOST.test(line)).length).toBeGreaterThan(0);
    },
  );

  it('is made with a warning where few of them do', async () => {
    const { outcome, manifest } = await mill.run(await withLatePackets(60), 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(expect.stringMatching(LOST));
  });

  it.each([
    { recipe: 'preserve', every: 3, settings: { ...FAST, evenIfLarger: true } },
    { recipe: 'ladder', every: 60, settings: FAST },
  ])('is made by $recipe, which copies it', async ({ recipe, every, settings }) => {
    const { outcome } = await mill.run(await withLatePackets(every), recipe, settings);
    expect(outcome).toMatchObject({ status: 'done' });
  });
});
