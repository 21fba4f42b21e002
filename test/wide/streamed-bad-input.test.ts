import { readFile, stat } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { playlistOf, trackTimes } from '../support/streamed.ts';

const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=2'];
const coded = [
  '-map',
  '0',
  '-map',
  '1',
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
];

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 23).replace('.', ',');
const events = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i + 1}\n${clock(i * 50)} --> ${clock(i * 50 + 400)}\nline ${i}\n`).join(
    '\n',
  );

describe('streams of odd sources', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });
  const milled = async (file: string, args: readonly string[], files: Readonly<Record<string, string>> = {}) => {
    const made = await mill.run(await makeClip({ file, files, args: [...picture, ...args] }), small, {
      preset: 'ultrafast',
    });
    expect(made.outcome).toMatchObject({ status: 'done' });
    return made;
  };

  it.each([
    {
      of: 'a clock of 33 bits that wraps',
      file: 'wrap.ts',
      args: ['-output_ts_offset', '95442'],
      late: '0',
      seconds: 2,
    },
    { of: 'sound that begins when the picture has ended', file: 'after.mkv', args: [], late: '4', seconds: 6 },
  ])('begin at 0 and end together: $of', async ({ file, args, late, seconds }) => {
    const { path } = await milled(file, ['-itsoffset', late, '-f', 'lavfi', '-i', 'sine=d=2', ...coded, ...args]);
    for (const { from, to } of await trackTimes(path('sd.mp4'))) {
      expect(Math.abs(from)).toBeLessThan(0.05);
      expect(Math.abs(to - seconds)).toBeLessThan(0.07);
    }
  });

  it('end with the picture where noise goes on for less than a tenth of a second', async () => {
    const noise = ['-f', 'lavfi', '-i', 'anoisesrc=d=0.62:c=pink:a=0.03:seed=1', '-c:v', 'libx264', '-c:a', 'libopus'];
    const late = ['-itsoffset', '0.04', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30:duration=0.5'];
    const source = await makeClip({ file: 'noise.mkv', args: [...late, ...noise] });
    const { outcome, manifest } = await mill.run(source, small, { preset: 'ultrafast' });
    expect(outcome).toMatchObject({ status: 'done' });
    const [rung] = (await manifest()).renditions;
    expect(rung?.checks).toContainEqual(
      expect.objectContaining({ name: 'sound of stream 1 is in its place', passed: true }),
    );
  });

  it('have no sound that ends before the film begins, and say so', async () => {
    const { manifest } = await milled('before.mp4', ['-itsoffset', '-4', '-f', 'lavfi', '-i', 'sine=d=3', ...coded]);
    const { streams, warnings } = await manifest();
    expect(streams[1]).toMatchObject({ fate: 'dropped' });
    expect(warnings).toContainEqual(expect.stringContaining('stream 1 (audio) is dropped'));
  });

  it('have those of thousands of subtitles that the film has time for', async () => {
    const files = { 'events.srt': events(5000) };
    const { manifest, path } = await milled(
      'many.mkv',
      ['-i', '@events.srt', '-map', '0', '-map', '1', '-c:v', 'libx264', '-c:s', 'srt'],
      files,
    );
    const { subtitles = [] } = await manifest();
    expect(subtitles.map(({ path: each }) => each)).toEqual(['subtitles-1.vtt']);
    const text = await readFile(path('subtitles-1.vtt'), 'utf8');
    expect(text.split('-->').length - 1).toBe(40);
    expect(text).toContain('00:00:01.950 --> 00:00:02.000\nline 39');
  });

  it('may hold one picture that lasts longer than a fragment should', async () => {
    const args = ['-f', 'lavfi', '-i', 'color=red:size=160x90:rate=1:duration=1', '-c:v', 'libx264'];
    const { outcome, manifest } = await mill.run(await makeClip({ file: 'one-picture.mp4', args }), small);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]?.frames).toBe(1);
  });

  it('have one picture with long sound near their beginning, where readers look for it', async () => {
    const sound = ['-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=100:c=pink:a=0.5', '-c:a', 'aac', '-b:a', '128k'];
    const args = ['-f', 'lavfi', '-i', 'color=red:size=160x90:rate=1:duration=1', ...sound, '-c:v', 'libx264'];
    const { outcome, manifest, path } = await mill.run(await makeClip({ file: 'one-long.mp4', args }), small, {
      preset: 'ultrafast',
    });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]?.frames).toBe(1);
    for (const { to } of await trackTimes(path('sd.mp4'))) expect(Math.abs(to - 100)).toBeLessThan(0.07);
    const { parts } = await playlistOf(path('sd.m3u8'));
    expect((await stat(path('sd.mp4'))).size).toBeGreaterThan(1_000_000);
    expect(Math.max(...parts.map(({ at, bytes }) => at + bytes))).toBeLessThan(200_000);
  });
});
