import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
  it('and has no picture that decodes by itself, since all are refreshed by and by, says how much is missing', async () => {
    const refreshed = [...x264.slice(0, 2), '-x264-params', 'intra-refresh=1:keyint=30:bframes=2', ...x264.slice(2)];
    const source = await joinedLate('refreshed.ts', refreshed, 188);
    const mill = await testMill();
    const { outcome } = await mill.run(source, 'preserve', QUICK);
    const reason = expect.stringMatching(/^\d\d % of its frames are missing: .*damaged=accept$/);
    expect(outcome).toMatchObject({ status: 'failed', exitCode: 65, reason });
    const { manifest } = await milledFile(source, { ...QUICK, damaged: 'accept' });
    const counting = ['-v', 'quiet', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames'];
    const { stdout } = await run('ffprobe', [...counting, '-of', 'default=nk=1:nw=1', source]);
    expect(manifest.renditions[0]?.frames).toBe(Number.parseInt(stdout, 10));
  });

  it.each([
    { what: 'H.264 and AAC in a transport stream', file: 'late.ts', args: x264, unit: 188 },
    {
      what: 'MPEG-2 and AC-3 in a transport stream',
      file: 'late.m2v.ts',
      args: ['-c:v', 'mpeg2video', '-b:v', '400k', '-c:a', 'ac3'],
      unit: 188,
    },
    {
      what: 'MPEG-2 and AC-3 in a program stream',
      file: 'late.vob',
      args: ['-c:v', 'mpeg2video', '-b:v', '400k', '-c:a', 'ac3'],
      unit: 2048,
    },
  ])('is told in one sentence, and nothing of it is called damaged: $what', async ({ file, args, unit }) => {
    const source = await joinedLate(file, args, unit);
    const { manifest, path } = await milledFile(source, QUICK);
    const told = manifest.warnings.flatMap((line) => BEGINS.exec(line)?.slice(1) ?? []);
    expect(told).toHaveLength(1);
    expect(manifest.warnings.filter((line) => /damaged|without errors|0x/.test(line))).toEqual([]);
    const [sound] = manifest.streams.filter(({ type }) => type === 'audio');
    expect(sound).toMatchObject({ fate: 'kept' });
    const begins = async (kind: string) => {
      const wanted = ['-select_streams', `${kind}:0`, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
      const { stdout } = await run('ffprobe', ['-v', 'error', ...wanted, path('preserve.mp4')]);
      return Math.min(...stdout.split('\n').filter(Boolean).map(Number.parseFloat));
    };
    expect((await begins('v')) - (await begins('a'))).toBeCloseTo(Number(told[0]), 0);
  });

  it.each([
    { codec: 'ac3', file: 'part.vob' },
    { codec: 'mp2', file: 'part.vob' },
    { codec: 'ac3', file: 'part.avi' },
  ])('keeps its $codec but for the part of a frame with which it begins: $file', async ({ codec, file }) => {
    const args = ['-c:v', 'mpeg2video', '-b:v', '400k', '-c:a', codec, '-b:a', '160k'];
    const whole = await makeClip({ file: file.replace('.avi', '.mpg'), args: [...film, ...args] });
    const source = file.endsWith('.avi') ? await withCutSound(whole, codec) : await joinedLate(file, args, 2048);
    const { manifest } = await milledFile(source, QUICK);
    const [sound] = manifest.streams.filter(({ type }) => type === 'audio');
    expect(sound).toMatchObject({ codec, fate: 'kept' });
    const told = manifest.warnings.filter((line) => line.includes('begins in the middle of a frame'));
    expect(told).toHaveLength(1);
    expect(manifest.warnings.filter((line) => /second way|damaged/.test(line))).toEqual([]);
  });
});

/** An AVI with the sound of another film without its first bytes. */
async function withCutSound(film: string, codec: string): Promise<string> {
  const folder = await temporaryFolder();
  const [sound, cut, avi] = ['whole', 'cut', 'part.avi'].map((name) => join(folder, name)) as [string, string, string];
  await run('ffmpeg', ['-v', 'error', '-i', film, '-map', '0:a', '-c', 'copy', '-f', codec, sound]);
  await writeFile(cut, (await readFile(sound)).subarray(267));
  const inputs = ['-i', film, '-f', codec, '-i', cut, '-map', '0:v', '-map', '1:a'];
  await run('ffmpeg', ['-v', 'error', ...inputs, '-c:a', 'copy', '-c:v', 'mpeg4', avi]);
  return avi;
}
