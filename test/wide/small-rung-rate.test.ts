import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { keyframeTimes } from '../support/ffprobe.ts';
import { type Milled, milledFile, testMill } from '../support/mill.ts';
import { trackTimes } from '../support/streamed.ts';

const run = promisify(execFile);

/** A rung with the source's 800x450, and one of 128x72. */
const two = {
  ...ladder,
  renditions: [ladder.renditions[2], { ...ladder.renditions[3], fit: { halfPerimeter: 200 } }],
};

/** Frame n is grey of level 24 + 8 * (n mod 25), so that each is told from its neighbours. */
const NUMBERED =
  'nullsrc=s=800x450:r=60000/1001,trim=end_frame=119,format=gray,geq=lum=24+8*mod(N\\,25),format=yuv420p';
const numberOf = (level: number) => Math.round((level - 24) / 8);

/** What each frame shows, by ffmpeg's decoder. */
async function numbersIn(path: string): Promise<readonly number[]> {
  const picture = ['-v', 'error', '-i', path, '-map', '0:v:0', '-vf', 'crop=16:16,scale=1:1:flags=area,format=gray'];
  const grey = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
  const { stdout } = await run('ffmpeg', [...picture, ...grey], { encoding: 'buffer' });
  return [...stdout].map(numberOf);
}

const timesIn = async (path: string): Promise<readonly number[]> => {
  const { packets } = await ffprobe(path, '-select_streams', 'v:0', '-show_entries', 'packet=pts_time');
  return packets
    .map(({ pts_time: time }: { readonly pts_time: string }) => Number(time))
    .toSorted((a: number, b: number) => a - b);
};

describe('a small rung of a fast film, with smallRungFps=half', () => {
  let made: Milled;
  let manifest: Manifest;
  beforeAll(async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1.985'];
    const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '61', '-c:a', 'aac'];
    const source = await makeClip({ file: 'fast.mp4', args: ['-f', 'lavfi', '-i', NUMBERED, ...sound, ...coded] });
    made = await (await testMill()).run(source, two, {
      ...{ preset: 'ultrafast', smallRungFps: 'half', segmentSeconds: '1-1.5' },
    });
    expect(made.outcome).toMatchObject({ status: 'done' });
    manifest = await made.manifest();
  });

  it('shows every second picture, and the large rung all of them', async () => {
    const all = Array.from({ length: 119 }, (_, n) => n % 25);
    expect(await numbersIn(made.path('hd.mp4'))).toEqual(all);
    expect(await numbersIn(made.path('sd.mp4'))).toEqual(all.filter((_, n) => n % 2 === 0));
  });

  it('shows each at the time that it has in the source, and ends with the film', async () => {
    const [hd, sd] = [await timesIn(made.path('hd.mp4')), await timesIn(made.path('sd.mp4'))];
    expect(sd).toEqual(hd.filter((_, n) => n % 2 === 0));
    const [[whole], [half]] = [await trackTimes(made.path('hd.mp4')), await trackTimes(made.path('sd.mp4'))];
    expect(half?.to).toBeCloseTo(whole?.to ?? Number.NaN, 4);
  });

  it('has its keyframes when the large rung has them', async () => {
    const times = await keyframeTimes(made.path('sd.mp4'));
    expect(times).toEqual(await keyframeTimes(made.path('hd.mp4')));
    expect(times.length).toBeGreaterThan(1);
  });

  it('says its rate in both manifests, and passes every check', async () => {
    const master = await readFile(made.path('master.m3u8'), 'utf8');
    expect([...master.matchAll(/FRAME-RATE=([\d.]+)/g)].map(([, rate]) => rate)).toEqual(['59.940', '29.970']);
    const failed = [...manifest.renditions, ...(manifest.playlistChecks ? [{ checks: manifest.playlistChecks }] : [])];
    expect(failed.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
    expect(manifest.renditions.map(({ frames }) => frames)).toEqual([119, 60]);
    expect(manifest.warnings).toContainEqual(
      expect.stringContaining('every second picture of the source, 29.97 of 59.94'),
    );
  });
});

it('shows one picture of each frame of an interlaced film on a small rung with smallRungFps=half', async () => {
  const fields = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=50:d=2', '-f', 'lavfi', '-i', 'sine=d=2'];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-flags', '+ilme+ildct', '-x264-params', 'tff=1'];
  const source = await makeClip({
    file: 'fields.mp4',
    args: [...fields, '-vf', 'tinterlace=interleave_top', ...coded, '-c:a', 'aac'],
  });
  const { manifest, path } = await milledFile(source, { preset: 'ultrafast', smallRungFps: 'half' }, 'ladder');
  expect(await timesIn(path('sd.mp4'))).toHaveLength(50);
  const [picture] = await trackTimes(path('sd.mp4'));
  expect(picture?.to).toBeCloseTo(2, 3);
  expect(manifest.warnings).not.toContainEqual(expect.stringContaining('50 a second of 25'));
});
