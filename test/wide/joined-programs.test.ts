import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { flashesAndBeepsIn } from '../support/flashes.ts';
import { milledFile, QUICK, type TestMill, testMill } from '../support/mill.ts';

const FLASH = "color=black:s=96x64:r=25:d=2,geq=lum='if(between(N,25,26),235,16)':cb=128:cr=128";
const BEEP = "aevalsrc='if(between(t,1,1.1),0.8*sin(2*PI*1000*t),0)':s=48000";
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', '-c:a', 'ac3'];
const MPEG2 = ['-c:v', 'mpeg2video', '-b:v', '200k', '-bf', '2', '-c:a', 'mp2'];

const VOB = ['-f', 'vob', '-c:v', 'mpeg2video', '-b:v', '200k', '-bf', '2'];
const MPEG1 = ['-f', 'mpeg', '-c:v', 'mpeg1video', '-b:v', '200k', '-bf', '2', '-c:a', 'mp2'];

type Part = readonly [seconds: number, ...more: readonly string[]];

/** Recordings of 2 s in one file, whose sound ends before or behind the picture. After 1 s there is a flash, and a beep. */
async function joined(name: string, args: readonly string[], parts: readonly Part[]): Promise<string> {
  return fileOf(name, Buffer.concat(await Promise.all(parts.map((each) => part(name, args, each)))));
}

async function part(name: string, args: readonly string[], [seconds, ...more]: Part): Promise<Buffer> {
  const film = ['-f', 'lavfi', '-i', FLASH, '-f', 'lavfi', '-i', `${BEEP}:d=${seconds}`];
  return readFile(await makeClip({ file: `part-${name}`, args: [...film, ...args, ...more] }));
}

/** The bytes of a program stream with other identifiers: those of packets, and those of AC-3 within private ones. */
const renamed = (pairs: readonly (readonly [number, number])[]) => (whole: Buffer) => {
  const ids = new Map(pairs);
  const bytes = Buffer.from(whole);
  for (let at = 0; at + 14 <= bytes.length; ) {
    const code = bytes.readUInt8(at + 3);
    const isMpeg1 = bytes.readUInt8(at + 4) >> 4 === 2;
    if (code === 0xba) {
      at += isMpeg1 ? 12 : 14;
      continue;
    }
    bytes.writeUInt8(ids.get(code) ?? code, at + 3);
    const sub = at + 9 + bytes.readUInt8(at + 8);
    if (code === 0xbd) bytes.writeUInt8(ids.get(bytes.readUInt8(sub)) ?? bytes.readUInt8(sub), sub);
    at += 6 + bytes.readUInt16BE(at + 4);
  }
  return bytes;
};

const OTHER_PIDS = ['-streamid', '0:288', '-streamid', '1:289'];
/** The picture has the PID that the sound had. */
const CROSSED = ['-streamid', '0:257', '-streamid', '1:258'];
const OTHER_PROGRAM = ['-mpegts_service_id', '7', '-mpegts_pmt_start_pid', '500', ...OTHER_PIDS];
const GERMAN = ['-metadata:s:a:0', 'language=deu'];

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('recordings in one file whose streams have other PIDs', () => {
  it.each([
    { what: 'of one program', args: H264, more: OTHER_PIDS },
    { what: 'that were those of other streams', args: H264, more: CROSSED },
    { what: 'of another program', args: MPEG2, more: OTHER_PROGRAM },
    { what: 'of a camera', name: 'joined.m2ts', args: ['-mpegts_m2ts_mode', '1', ...H264], more: OTHER_PROGRAM },
    { what: 'of sound alone', args: H264, more: ['-streamid', '1:300'] },
    { what: 'with a language', args: [...H264, ...GERMAN], more: CROSSED },
  ])('$what follow each other, and are in step behind every joint', async ({ name = 'joined.ts', args, more }) => {
    const parts: readonly Part[] = [[1.7], [2.4, ...more], [2.4], [1.6, ...more]];
    const { manifest, path } = await milledFile(await joined(name, args, parts), { ...QUICK, evenIfLarger: 'true' });
    const { flashes, beeps } = await flashesAndBeepsIn(path('preserve.mp4'));
    expect([flashes.length, beeps.length]).toEqual([4, 4]);
    expect(Math.max(...flashes.map((flash, i) => Math.abs((beeps[i] ?? 0) - flash)))).toBeLessThan(0.001);
    expect(manifest.renditions[0]?.frames).toBe(200);
    expect(manifest.streams.map(({ type }) => type)).toEqual(['video', 'audio']);
    expect(manifest.warnings).toContainEqual(
      expect.stringMatching(/^the source's streams go on under other PIDs midway/),
    );
    expect(manifest.warnings.join()).not.toMatch(/too (late|early)|goes on in another stream/);
  });

  it.each<{ what: string; name: string; args: readonly string[]; ids: readonly (readonly [number, number])[] }>([
    {
      what: 'of picture and AC-3',
      name: 'joined.vob',
      args: [...VOB, '-c:a', 'ac3'],
      ids: [
        [0xe0, 0xe1],
        [0x80, 0x81],
      ],
    },
    { what: 'of AC-3 alone', name: 'joined.vob', args: [...VOB, '-c:a', 'ac3'], ids: [[0x80, 0x83]] },
    { what: 'of MPEG sound alone', name: 'joined.vob', args: [...VOB, '-c:a', 'mp2'], ids: [[0xc0, 0xc1]] },
    {
      what: 'of MPEG-1',
      name: 'joined.mpg',
      args: MPEG1,
      ids: [
        [0xe0, 0xe1],
        [0xc0, 0xc9],
      ],
    },
  ])('$what in a program stream follow each other, too', async ({ name, args, ids }) => {
    const of = (seconds: number) => part(name, args, [seconds]);
    const first = [await of(1.7), await of(2.4)];
    const other = [await of(2.4), await of(1.6)].map(renamed(ids));
    const all = [first[0], other[0], first[1], other[1]].flatMap((each) => each ?? []);
    const { manifest, path } = await milledFile(await fileOf(name, Buffer.concat(all)), {
      ...QUICK,
      evenIfLarger: 'true',
    });
    const { flashes, beeps } = await flashesAndBeepsIn(path('preserve.mp4'));
    expect([flashes.length, beeps.length]).toEqual([4, 4]);
    expect(Math.max(...flashes.map((flash, i) => Math.abs((beeps[i] ?? 0) - flash)))).toBeLessThan(0.001);
    expect(manifest.renditions[0]?.frames).toBe(200);
    expect(manifest.streams.map(({ type }) => type)).toEqual(['video', 'audio']);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/under other identifiers midway \(0x/));
  });

  it.each([
    {
      what: 'a sound more',
      more: [...OTHER_PIDS, '-map', '0:v', '-map', '1:a', '-map', '1:a'],
      says: /PID 256 and PID 288/,
    },
    { what: 'another language', more: [...OTHER_PIDS, ...GERMAN], says: /PID 256 and PID 288/ },
    { what: 'another codec', more: [...OTHER_PIDS, '-c:a', 'mp2'], says: /PID 256 and PID 288/ },
  ])('are refused where one has $what', async ({ more, says }) => {
    const { outcome } = await mill.run(await joined('other.ts', H264, [[2], [2, ...more]]), 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'failed', code: 'bad-input', reason: expect.stringMatching(says) });
  });
});
