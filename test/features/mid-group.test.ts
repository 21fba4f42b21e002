import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

const run = promisify(execFile);

const QUICK = { preset: 'ultrafast', evenIfLarger: 'true' } as const;
const film = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=3', '-f', 'lavfi', '-i', 'sine=duration=3'],
  ...['-pix_fmt', 'yuv420p', '-g', '25'],
];
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac'];
const BEGINS = /^the recording begins in the middle of a group of pictures; its first (\d\.\d) s have sound only$/;

/** A recording without the first packets of the file that ffmpeg makes with these arguments. */
async function joinedLate(file: string, args: readonly string[], unit: number): Promise<string> {
  const bytes = await readFile(await makeClip({ file, args: [...film, ...args] }));
  return fileOf(file, bytes.subarray(Math.floor(bytes.length / 8 / unit) * unit));
}

describe('a recording that begins in the middle of a group of pictures', () => {
  it.each([
    { what: 'H.264 and AAC in a transport stream', file: 'late.ts', args: x264, unit: 188 },
    {
      what: 'MPEG-2 and AC-3 in a transport stream',
      file: 'late.m2v.ts',
      args: ['-c:v', 'mpeg2video', '-b:v', '400k', '-c:a', 'ac3'],
      unit: 188,
    },
  ])('is told in one sentence, and nothing of it is called damaged: $what', async ({ file, args, unit }) => {
    const source = await joinedLate(file, args, unit);
    const { manifest, path } = await milledFile(source, QUICK);
    const told = manifest.warnings.flatMap((line) => BEGINS.exec(line)?.slice(1) ?? []);
    expect(told).toHaveLength(1);
    expect(manifest.warnings.filter((line) => /damaged|without errors|0x/.test(line))).toEqual([]);
    const begins = async (kind: string) => {
      const wanted = ['-select_streams', `${kind}:0`, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
      const { stdout } = await run('ffprobe', ['-v', 'error', ...wanted, path('preserve.mp4')]);
      return Math.min(...stdout.split('\n').filter(Boolean).map(Number.parseFloat));
    };
    expect((await begins('v')) - (await begins('a'))).toBeCloseTo(Number(told[0]), 0);
  });
});
