import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const IMPULSE = "aevalsrc='if(between(t,0.5,0.501),0.8,0)':s=48000:d=1.2";
const INPUTS = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1.2', '-f', 'lavfi', '-i', IMPULSE];
const PICTURE = ['-map', '0:v', '-c:v', 'libx264', '-preset', 'ultrafast'];

/** The times of the first blocks of all tracks, in milliseconds, as they stand in the file. */
async function firstBlocks(path: string): Promise<readonly number[]> {
  const { stdout } = await run('mkvinfo', ['-v', '-v', '-v', path], { maxBuffer: 2 ** 26 });
  const first = new Map<string, number>();
  for (const [, track = '', seconds] of stdout.matchAll(/block.*track number (\d+),.*timestamp \d+:\d+:([\d.]+)/gi))
    if (!first.has(track)) first.set(track, Number(seconds) * 1000);
  return [...first].sort(([a], [b]) => Number(a) - Number(b)).map(([, milliseconds]) => milliseconds);
}

/** When a decoder gives the impulse in a sound, in seconds of the film. */
async function impulseIn(path: string, sound: number): Promise<number> {
  const placed = ['-map', `0:a:${sound}`, '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-f', 'f32le', '-'];
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-copyts', '-i', path, ...placed], {
    encoding: 'buffer',
    maxBuffer: 2 ** 26,
  });
  const samples = new Float32Array(stdout.buffer, stdout.byteOffset, stdout.length / 4);
  return samples.reduce((best, value, i) => (Math.abs(value) > Math.abs(samples[best] ?? 0) ? i : best), 0) / 48_000;
}

describe('the delay of a sound in Matroska', () => {
  it.each([
    { codec: 'aac', begins: 0.021, told: /, all 21 ms later by the sound's encoder delay$/ },
    { codec: 'libopus', begins: 0, told: /a tick is 1 ms$/ },
  ])('is told where it makes the picture later, and only there: $codec', async ({ codec, begins, told }) => {
    const film = join(await temporaryFolder(), 'film.mp4');
    await run('ffmpeg', [
      '-v',
      'error',
      ...INPUTS,
      ...PICTURE,
      '-bf',
      '0',
      '-map',
      '1:a',
      '-ac',
      '2',
      '-c:a',
      codec,
      film,
    ]);
    const { manifest, path } = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    const asked = ['-select_streams', 'v', '-show_entries', 'stream=start_time', '-of', 'csv=p=0'];
    const { stdout } = await run('ffprobe', ['-v', 'error', ...asked, path('preserve.mkv')]);
    expect(Number(stdout)).toBe(begins);
    const check = manifest.renditions[0]?.checks.find(({ name }) => name === 'every frame at its time');
    expect(check).toMatchObject({ passed: true, detail: expect.stringMatching(told) });
  });
});

describe('picture and sounds in Opus', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const two = ['-map', '1:a', '-map', '1:a', '-c:a:0', 'libopus', '-c:a:1', 'aac'];
    const layouts = ['FL=c0|FR=c0|LFE=0*c0', 'FL=c0|FC=c0', 'FL=c0|SL=c0', 'FL=c0|BL=c0'];
    const pans = ['2.1', '7.1', '5.1(side)', 'quad'].map((name, i) => `[s${i}]pan=${name}|${layouts[i]}[o${i}]`);
    const graph = `[1:a]asplit=4[s0][s1][s2][s3];${pans.join(';')}`;
    const four = ['-filter_complex', graph, ...[0, 1, 2, 3].flatMap((i) => ['-map', `[o${i}]`]), '-c:a', 'flac'];
    await run('ffmpeg', ['-v', 'error', '-y', ...INPUTS, ...PICTURE, ...two, at('two.mp4')]);
    await run('ffmpeg', ['-v', 'error', '-y', ...INPUTS, ...four, ...PICTURE, at('four.mkv')]);
  });

  it.each([
    { of: 'an Opus that is copied and an AAC that becomes Opus', file: 'two.mp4', sounds: 2 },
    { of: 'four sounds that become Opus', file: 'four.mkv', sounds: 4 },
  ])('all begin at 0 in WebM, of $of', async ({ file, sounds }) => {
    const settings = { ...QUICK, evenIfLarger: true, codec: 'av1', container: 'webm' } as const;
    const { path } = await milledFile(at(file), settings);
    const made = path('preserve.webm');
    expect(await firstBlocks(made)).toEqual(Array(sounds + 1).fill(0));
    for (let i = 0; i < sounds; i++) expect(Math.abs((await impulseIn(made, i)) - 0.5)).toBeLessThan(0.002);
  });

  it('stay together in Matroska, beside an AAC whose delay moves all of them', async () => {
    const { path } = await milledFile(at('two.mp4'), { ...QUICK, evenIfLarger: true, container: 'mkv' });
    const made = path('preserve.mkv');
    const [picture = 0, opus = 0, aac] = await firstBlocks(made);
    expect(aac).toBe(0);
    expect(picture).toBe(21);
    expect(Math.abs(opus - picture)).toBeLessThanOrEqual(1);
  });

  it('are copied from a Matroska, whose clock ticks in milliseconds, into MP4 beside other sounds', async () => {
    const sounds = ['libopus', 'aac', 'ac3', 'flac'].flatMap((encoder, i) => ['-map', '1:a', `-c:a:${i}`, encoder]);
    const many = [...PICTURE, ...sounds, '-ar:a:3', '44100', at('many.mkv')];
    await run('ffmpeg', ['-v', 'error', '-y', ...INPUTS, ...many]);
    const { manifest } = await milledFile(at('many.mkv'), { ...QUICK, evenIfLarger: true, container: 'mp4' });
    expect(manifest.streams.map(({ codec, fate }) => `${codec} ${fate}`)).toEqual([
      'h264 converted',
      ...['opus', 'aac', 'ac3', 'flac'].map((codec) => `${codec} kept`),
    ]);
  });
});
