import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { flashesAndBeepsIn } from '../support/flashes.ts';
import { milledFile, QUICK, type TestMill, testMill } from '../support/mill.ts';

const FLASH = "color=black:s=96x64:r=25:d=2,geq=lum='if(between(N,25,26),235,16)':cb=128:cr=128";
const BEEP = "aevalsrc='if(between(t,1,1.1),0.8*sin(2*PI*1000*t),0)':s=48000";
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', '-c:a', 'ac3'];
const MPEG2 = ['-c:v', 'mpeg2video', '-b:v', '200k', '-bf', '2', '-c:a', 'mp2'];

type Part = readonly [seconds: number, ...more: readonly string[]];

/** Recordings of 2 s in one file, whose sound ends before or behind the picture. After 1 s there is a flash, and a beep. */
async function joined(name: string, args: readonly string[], parts: readonly Part[]): Promise<string> {
  const made = parts.map(([seconds, ...more]) =>
    makeClip({
      file: `part-${name}`,
      args: ['-f', 'lavfi', '-i', FLASH, '-f', 'lavfi', '-i', `${BEEP}:d=${seconds}`, ...args, ...more],
    }),
  );
  return fileOf(name, Buffer.concat(await Promise.all(made.map(async (each) => readFile(await each)))));
}

const OTHER_PIDS = ['-streamid', '0:288', '-streamid', '1:289'];
/** The picture has the PID that the sound had. */
const CROSSED = ['-streamid', '0:257', '-streamid', '1:258'];
const OTHER_PROGRAM = ['-mpegts_service_id', '7', '-mpegts_pmt_start_pid', '500', ...OTHER_PIDS];
const GERMAN = ['-metadata:s:a:0', 'language=deu'];

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('recordings in one transport stream whose streams have other PIDs', () => {
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
