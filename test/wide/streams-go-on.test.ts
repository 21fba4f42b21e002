import { readFile, stat } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { scrambled } from '../fixtures/odd-tracks.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const QUICK = { preset: 'ultrafast', evenIfLarger: true } as const;
const input = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=2', '-f', 'lavfi', '-i', 'sine=duration=2'];
const mpeg2 = [...input, '-c:v', 'mpeg2video', '-g', '12', '-c:a', 'mp2'];
const h264 = [...input, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-c:a', 'mp2'];
const GERMAN = ['-metadata:s:a:0', 'language=deu'];
const later = ['-output_ts_offset', '2', '-tables_version', '1'];

async function joined(...parts: readonly (readonly string[])[]): Promise<string> {
  const files = await Promise.all(parts.map(async (args) => readFile(await makeClip({ file: 'part.ts', args }))));
  return fileOf('joined.ts', Buffer.concat(files));
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a transport stream whose program map changes midway', () => {
  it.each([
    {
      what: 'the codec of its picture',
      part: [...h264, ...later],
      says: /MPEG-2, then H\.264 at 0:02\.\d \(byte \d+\)/,
    },
    {
      what: 'the codec of its sound',
      part: [...input, '-c:v', 'mpeg2video', '-g', '12', '-c:a', 'ac3', ...later],
      says: /sound of stream 1 changes midway: MPEG audio, then AC-3 at 0:02\.\d \(byte \d+\)/,
    },
    {
      what: 'the PID of its picture, and the language of its sound',
      part: [...mpeg2, ...later, '-streamid', '0:288', ...GERMAN],
      says: /PID 256 and PID 288 replace each other at 0:02\.\d \(byte \d+\)/,
    },
  ])('is refused where it changes $what, and a part of it comes out if that is accepted', async ({ part, says }) => {
    const source = await joined(mpeg2, part);
    const refused = await mill.run(source, 'preserve', QUICK);
    const reason = expect.stringMatching(says);
    expect(refused.outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason });
    const { outcome, manifest } = await mill.run(source, 'preserve', { ...QUICK, damaged: 'accept' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(reason);
  });

  it('is refused with the very place of the change where it is large, so that only parts of it are read', async () => {
    const noise = [...input.slice(0, 3), 'nullsrc=s=640x360:r=25:d=4,format=yuv420p,noise=alls=100:allf=t'];
    const large = [...noise, ...input.slice(4), '-c:v', 'mpeg2video', '-qscale', '1', '-g', '1'];
    const [first, second] = [
      [...large, '-c:a', 'mp2'],
      [...large, '-c:a', 'ac3', '-output_ts_offset', '4', '-tables_version', '1'],
    ];
    const source = await joined(first, second);
    const bytes = (await stat(source)).size;
    expect(bytes).toBeGreaterThan(33 * 2 ** 20);
    const { outcome } = await mill.run(source, 'preserve', QUICK);
    const reason = 'reason' in outcome ? outcome.reason : '';
    expect(reason).toMatch(/then AC-3 at 0:04\.\d /);
    const border = (await stat(await makeClip({ file: 'part.ts', args: first }))).size;
    const byte = Number(/\(byte (\d+)\)/.exec(reason)?.[1]);
    expect(byte).toBeGreaterThanOrEqual(border);
    expect(byte).toBeLessThan(border + 2 ** 20);
  });

  it('says where its sound goes on in another language', async () => {
    const source = await joined(mpeg2, [...mpeg2, ...later, '-streamid', '1:272', ...GERMAN]);
    const { outcome, manifest } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(
      expect.stringMatching(/sound goes on in another stream midway: stream 1 and stream 2/),
    );
  });

  it('is taken where it stays as it was', async () => {
    const source = await joined(mpeg2, [...mpeg2, ...later]);
    const { outcome, manifest } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings.filter((line) => /midway/.test(line))).toEqual([]);
  });
});

describe('a transport stream of which a part is scrambled', () => {
  it('is refused with a true reason, and what is clear comes out if that is accepted', async () => {
    const source = await makeClip({ file: 'half.ts', args: h264, edit: scrambled([0x100], 0.5) });
    const refused = await mill.run(source, 'preserve', QUICK);
    const reason = expect.stringMatching(/a part of it is encrypted \(PID 256 is scrambled later on/);
    expect(refused.outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason });
    const { outcome, manifest } = await mill.run(source, 'preserve', { ...QUICK, damaged: 'accept' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(expect.stringMatching(/a part of its picture is encrypted/));
  });
});

describe('a program stream, which has no program map', () => {
  const vob = (codec: string, offset: number) => [
    ...input,
    ...['-c:v', 'mpeg2video', '-g', '12', '-c:a', codec, '-ar', '48000', '-f', 'vob', '-output_ts_offset', `${offset}`],
  ];
  const instead = /^its sound goes on in another stream midway: stream 1 and stream 2 replace each other at 0:02\.\d/;

  it.each([
    { what: 'whose sound becomes another codec', parts: ['mp2', 'ac3'], says: [instead] },
    { what: 'whose sound becomes another codec and comes back', parts: ['mp2', 'ac3', 'mp2'], says: [instead] },
    { what: 'whose sound stays as it is', parts: ['mp2', 'mp2'], says: [] },
  ])('that is joined of recordings and $what is told so', async ({ parts, says }) => {
    const files = await Promise.all(
      parts.map(async (codec, i) => readFile(await makeClip({ file: `${i}.vob`, args: vob(codec, 1 + 2 * i) }))),
    );
    const { outcome, manifest } = await mill.run(await fileOf('joined.vob', Buffer.concat(files)), 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const told = (await manifest()).warnings.filter((warning) => warning.includes('replace each other'));
    expect(told).toEqual(says.map((each) => expect.stringMatching(each)));
  });

  it('that has two sounds side by side is told nothing of the kind', async () => {
    const two = ['-map', '0', '-map', '1', '-map', '1', '-c:v', 'mpeg2video', '-c:a:0', 'mp2', '-c:a:1', 'ac3'];
    const source = await makeClip({ file: 'two.vob', args: [...input, ...two, '-ar', '48000', '-f', 'vob'] });
    const { outcome, manifest } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings.join()).not.toContain('replace each other');
  });
});
