import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { askImageio, findProgram } from '../../media/tools/find-tools.ts';
import { makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const { REELMILL_FFMPEG } = process.env;
let newer: string;
beforeAll(async () => {
  const python = await findProgram('python3', process.env.PATH ?? '');
  newer = (python && (await askImageio(python, new AbortController().signal))) ?? '';
});
afterEach(() => {
  if (REELMILL_FFMPEG === undefined) delete process.env.REELMILL_FFMPEG;
  else process.env.REELMILL_FFMPEG = REELMILL_FFMPEG;
});

/** By the movie's header, which reordering does not shorten. */
async function durationOf(file: string): Promise<number> {
  const ask = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
  return Number((await promisify(execFile)('ffprobe', ask)).stdout);
}

const rung = { ...ladder, renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }] };
const film = (rate: string, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=96x64:rate=${rate}:duration=${seconds}`],
];
const coded = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const slow = { file: 'slow.mp4', args: [...film('1/2.5', 7.5), ...coded] };
const one = { file: 'one.mp4', args: [...film('1/2.5', 2.5), ...coded] };
const sound = ['-f', 'lavfi', '-i', 'sine=duration=4', '-c:a', 'aac'];
const held = { file: 'held.mp4', args: [...film('25', 2), ...sound, ...coded] };

/** The packets of pieces reach ffmpeg's filter in the container's ticks in version 5, and in the pieces' own in 7. */
describe.each(['the installed ffmpeg', 'ffmpeg 7'])('by %s', (by) => {
  it.each([
    { of: 'a rung with pictures of 2.5 s', source: slow, recipe: rung, seconds: 7.5 },
    { of: 'a film with pictures of 2.5 s, kept whole,', source: slow, recipe: 'preserve', seconds: 7.5 },
    { of: 'a rung of one picture', source: one, recipe: rung, seconds: 2.5 },
    { of: 'a film of one picture', source: one, recipe: 'preserve', seconds: 2.5 },
    { of: 'a picture that stays until the sound ends', source: held, recipe: rung, seconds: 4 },
  ])('$of lasts $seconds s', async ({ source, recipe, seconds }) => {
    if (by === 'ffmpeg 7') process.env.REELMILL_FFMPEG = newer;
    const settings = recipe === 'preserve' ? { ...QUICK, evenIfLarger: 'true' } : QUICK;
    const { manifest, path } = await milledFile(await makeClip(source), settings, recipe);
    const { renditions, warnings } = manifest;
    expect(warnings.filter((each) => /second way/.test(each))).toEqual([]);
    const [rendition] = renditions;
    const file = path(rendition?.path ?? '');
    // ffprobe guesses the length of tracks in fragments: what a rung shows is in its manifest, by its fragments
    const shown = recipe === 'preserve' ? await durationOf(file) : rendition?.durationSeconds;
    expect(shown).toBeCloseTo(seconds, 1);
  });
});

/** Encoders are given no rate above 240 pictures a second. */
describe.each([300, 1000])('a film of %i pictures a second', (rate) => {
  it.each([
    { from: 'mp4', into: 'mp4', recipe: 'preserve' },
    { from: 'mp4', into: 'mkv', recipe: 'preserve' },
    { from: 'mkv', into: 'mp4', recipe: 'preserve' },
    { from: 'mkv', into: 'mkv', recipe: 'preserve' },
    { from: 'mp4', into: 'mov', recipe: 'mezzanine' },
  ])('lasts as long as in its source: $from to $into', async ({ from, into, recipe }) => {
    const source = await makeClip({ file: `fast-${rate}.${from}`, args: [...film(`${rate}`, 0.3), ...coded] });
    const settings = recipe === 'preserve' ? { ...QUICK, evenIfLarger: 'true', container: into } : {};
    const { manifest, path } = await milledFile(source, settings, recipe);
    expect(await durationOf(path(manifest.renditions[0]?.path ?? ''))).toBeCloseTo(await durationOf(source), 3);
  });
});

it.each([
  { of: 'a pause of an hour by the clock of TS', clock: 90_000, pause: 3600 },
  { of: 'ticks of 0.1 us, of which 30 frames a second take no whole microseconds,', clock: 10_000_000, rate: 30 },
  { of: 'nanoseconds and many B-frames', clock: 1_000_000_000, preset: 'slower' },
])('a film with $of shows each picture at its time', async ({ clock, rate = 24, pause = 0, preset = 'medium' }) => {
  const file = `pause-${clock}.mp4`;
  const times = [
    '-vf',
    `setpts='PTS+gt(N,19)*${pause}/TB'`,
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    `1/${clock}`,
  ];
  const track = ['-bf', '0', '-video_track_timescale', `${clock}`];
  const source = { file, args: [...film(`${rate}`, 2), ...times, ...coded, ...track] };
  const { manifest, path } = await milledFile(await makeClip(source), { preset, crf: '30', evenIfLarger: 'true' });
  expect(manifest.status).toBe('done');
  const shown = await timesOf(path(manifest.renditions[0]?.path ?? ''));
  expect(shown).toHaveLength(2 * rate);
  for (const [i, time] of shown.entries()) expect(time).toBeCloseTo(i / rate + (i > 19 ? pause : 0), 4);
});

/** The times of the pictures that ffprobe decodes, in seconds, in the order in which they are shown. */
async function timesOf(file: string): Promise<readonly number[]> {
  const ask = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', file];
  const { stdout } = await promisify(execFile)('ffprobe', ask);
  return stdout.trim().split('\n').map(Number.parseFloat);
}
