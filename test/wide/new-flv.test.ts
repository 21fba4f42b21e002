import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { newFlv, tag } from '../fixtures/new-flv.ts';
import { bothDecoded } from '../support/decoded-frames.ts';
import { flashesAndBeepsIn } from '../support/flashes.ts';
import { QUICK, type TestMill, testMill } from '../support/mill.ts';

const FLASH = "color=black:s=96x64:r=25:d=2,geq=lum='if(between(T,1,1.05),235,16+mod(N,8))':cb=128:cr=128";
const BEEP = "aevalsrc='if(between(t,1.0005,1.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=2";
const HEVC = [
  '-c:v',
  'libx265',
  '-preset',
  'ultrafast',
  '-x265-params',
  'log-level=0:bframes=3:b-adapt=0:keyint=25',
  '-pix_fmt',
  'yuv420p',
];
const AAC = ['-c:a', 'aac', '-b:a', '96k'];

const film = (args: readonly string[]) =>
  makeClip({ file: 'film.mp4', args: ['-f', 'lavfi', '-i', FLASH, '-f', 'lavfi', '-i', BEEP, ...args] });

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('an FLV whose picture is newer than the format', () => {
  it.each([
    { what: 'HEVC by its letters', form: 'hvc1', args: [...HEVC, ...AAC] },
    { what: 'HEVC by its number', form: 12, args: [...HEVC, ...AAC] },
    { what: 'AV1', form: 'av01', args: ['-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p', ...AAC] },
    {
      what: 'VP9 with Opus',
      form: 'vp09',
      sound: 'Opus',
      args: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-c:a', 'libopus'],
    },
  ] as const)('has each frame at its time, in step with its sound: $what', async ({ form, args, ...more }) => {
    const mp4 = await film(args);
    const source = await fileOf('new.flv', await newFlv(mp4, form, more));
    const { outcome, path, manifest } = await mill.run(source, 'preserve', { ...QUICK, lossless: 'true' });
    expect(outcome).toMatchObject({ status: 'done' });
    const { was, is } = await bothDecoded(mp4, path('preserve.mp4'));
    expect(is.map(({ md5 }) => md5)).toEqual(was.map(({ md5 }) => md5));
    const moved = is.map(({ seconds }, i) => seconds - (was[i]?.seconds ?? Number.NaN));
    expect(Math.max(...moved) - Math.min(...moved)).toBeLessThan(0.0011);
    const { flashes, beeps } = await flashesAndBeepsIn(path('preserve.mp4'));
    expect([flashes.length, beeps.length]).toEqual([1, 1]);
    expect(Math.abs((flashes[0] ?? 0) - (beeps[0] ?? 9))).toBeLessThan(0.008);
    const { warnings, renditions } = await manifest();
    expect(renditions[0]?.metadata).toEqual([]); // nothing of the Matroska that we make of it first
    expect(warnings.join()).toMatch(/the picture of the FLV is (HEVC|AV1|VP9), which is newer than FLV/);
  });

  it('is refused by its name where it has several pictures, which are not read', async () => {
    const mp4 = await film([...HEVC, ...AAC]);
    const several = tag('video', 0, Buffer.from('\x96\x01hvc1\0', 'latin1'));
    const source = await fileOf('several.flv', await newFlv(mp4, 'hvc1', { extra: [several] }));
    const { outcome } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'not-video',
      reason: expect.stringMatching(/HEVC, AV1 or VP9/),
    });
  });
});
