import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { flashesAndBeepsIn } from '../support/flashes.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const RECORDING = {
  file: 'recording.ts',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-f', 'lavfi', '-i', 'sine=d=2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'mp2'],
  ],
};

/** A recording, and what is the same one an hour later by its clock. */
async function recordings(): Promise<readonly [now: Buffer, later: Buffer]> {
  const now = await makeClip(RECORDING);
  const later = `${await temporaryFolder()}/later.ts`;
  const delayed = ['-v', 'error', '-itsoffset', '3600', '-i', now, '-c', 'copy', '-copyts', '-muxdelay', '0', later];
  await run('ffmpeg', delayed);
  return [await readFile(now), await readFile(later)];
}

it.each([
  [
    'ahead',
    'preserve',
    { ...QUICK, evenIfLarger: 'true' },
    'preserve.mp4',
    /jumps \(359\d\.\d s ahead at 0:0[12]\.\d\)/,
  ],
  ['back', 'preserve', { ...QUICK, evenIfLarger: 'true' }, 'preserve.mp4', /jumps \(360\d\.\d s back at 0:0[12]\.\d\)/],
  ['again', 'preserve', { ...QUICK, evenIfLarger: 'true' }, 'preserve.mp4', /jumps \(\d\.\d s back at 0:0[12]\.\d\)/],
  ['ahead', 'ladder', QUICK, 'sd.mp4', /jumps/],
  ['back', 'vj', {}, 'hap.mov', /jumps/],
] as const)('a transport stream whose clock goes %s goes on without a pause in %s %j, and is told', async (...row) => {
  const [way, recipe, settings, name, told] = row;
  const [now, later] = await recordings();
  const parts = { ahead: [now, later], back: [later, now], again: [now, now] }[way];
  const { manifest, path } = await milledFile(await fileOf(`${way}.ts`, Buffer.concat(parts)), settings, recipe);
  expect(manifest.warnings).toContainEqual(expect.stringMatching(told));
  for (const stream of ['v:0', 'a:0']) {
    const { duration } = await streamOf(path(name), stream);
    expect(Math.abs(Number(duration) - 4)).toBeLessThan(0.15);
  }
  expect(manifest.renditions[0]?.frames).toBe(100);
});

const FLASH = "color=black:s=96x64:r=25:d=2,geq=lum='if(between(N,25,26),235,16)':cb=128:cr=128";
const BEEP = "aevalsrc='if(between(t,1,1.1),0.8*sin(2*PI*1000*t),0)':s=48000";
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', '-c:a', 'ac3'];
const MPEG = ['-c:v', 'mpeg2video', '-b:v', '200k', '-bf', '2', '-c:a', 'mp2'];

/** Four recordings of 2 s in one file, whose sound ends before or behind the picture. After 1 s there is a flash, and a beep. */
async function joined(name: string, args: readonly string[]): Promise<string> {
  const recordings = await Promise.all(
    [1.7, 2.4, 2.4, 1.6].map((seconds) =>
      makeClip({
        file: `${seconds}-${name}`,
        args: ['-f', 'lavfi', '-i', FLASH, '-f', 'lavfi', '-i', `${BEEP}:d=${seconds}`, ...args],
      }),
    ),
  );
  return fileOf(name, Buffer.concat(await Promise.all(recordings.map((each) => readFile(each)))));
}

describe('recordings whose sound and picture do not end together', () => {
  it.each([
    ['a transport stream by preserve', 'joined.ts', H264, 'preserve', 'preserve.mp4'],
    ['a transport stream by ladder', 'joined.ts', H264, 'ladder', 'sd.mp4'],
    ['a transport stream by vj', 'joined.ts', H264, 'vj', 'hap.mov'],
    [
      'the transport stream of a camera',
      'joined.m2ts',
      ['-mpegts_m2ts_mode', '1', ...H264],
      'preserve',
      'preserve.mp4',
    ],
    ['a program stream', 'joined.vob', ['-f', 'vob', ...MPEG], 'preserve', 'preserve.mp4'],
    ['a program stream of MPEG-1', 'joined.mpg', ['-f', 'mpeg', ...MPEG], 'preserve', 'preserve.mp4'],
  ] as const)('are each in step behind every joint of %s (%s)', async (...[, file, args, recipe, name]) => {
    const settings = { ...(recipe !== 'vj' && QUICK), ...(recipe === 'preserve' && { evenIfLarger: 'true' }) };
    const { manifest, path } = await milledFile(await joined(file, args), settings, recipe);
    const { flashes, beeps } = await flashesAndBeepsIn(path(name));
    expect(flashes).toHaveLength(4);
    expect(beeps).toHaveLength(4);
    const off = flashes.map((flash, i) => Math.abs((beeps[i] ?? 0) - flash));
    expect(Math.max(...off)).toBeLessThan(0.005);
    expect(manifest.renditions[0]?.frames).toBe(200);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/, .*, .*another recording/));
    expect(manifest.warnings.join()).not.toMatch(/too (late|early)/);
  });
});

describe('a pause of more than 10 s in one stream of a transport stream', () => {
  const long = {
    file: 'long.ts',
    args: [
      ...['-f', 'lavfi', '-i', 'color=black:s=96x64:r=5:d=16', '-f', 'lavfi', '-i'],
      "aevalsrc='if(between(mod(t,2),1,1.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=16",
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-c:a', 'mp2'],
    ],
  };
  /** The film without some of the packets of a stream, by their numbers. */
  async function without(stream: 'v' | 'a', from: number, to: number): Promise<string> {
    const output = `${await temporaryFolder()}/pause.ts`;
    const dropped = `noise=drop=between(n\\,${from}\\,${to})`;
    await run('ffmpeg', [
      '-v',
      'error',
      '-i',
      await makeClip(long),
      '-map',
      '0',
      '-c',
      'copy',
      `-bsf:${stream}`,
      dropped,
      output,
    ]);
    return output;
  }

  it.each([
    ['preserve', { ...QUICK, evenIfLarger: 'true' }, 'preserve.mp4'],
    ['ladder', QUICK, 'sd.mp4'],
    ['vj', {}, 'hap.mov'],
  ] as const)('stays in the sound, in %s', async (recipe, settings, name) => {
    const { path } = await milledFile(await without('a', 84, 583), settings, recipe); // from 2.016 to 14.016 s
    const { beeps } = await flashesAndBeepsIn(path(name));
    expect(beeps).toHaveLength(2);
    expect((beeps[1] ?? 0) - (beeps[0] ?? 0)).toBeCloseTo(14, 2);
  });

  it('stays in the picture', async () => {
    const { manifest, path } = await milledFile(await without('v', 10, 69), { ...QUICK, evenIfLarger: 'true' });
    expect(manifest.renditions[0]?.frames).toBe(20);
    const { duration } = await streamOf(path('preserve.mp4'), 'v:0');
    expect(Number(duration)).toBeCloseTo(16, 1);
    expect(manifest.warnings.join()).not.toContain('another recording');
  });
});
