import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { text, u8, u16, u32 } from '../fixtures/craft.ts';
import { makeClip } from '../fixtures/make.ts';
import { decodedFrames } from '../support/decoded-frames.ts';
import { packetsOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=2.4'];
/** Sound of 1000 Hz that begins at 1.2 s. */
const tone = ['-f', 'lavfi', '-i', "aevalsrc='if(gte(t,1.2),sin(2*PI*1000*t),0)':s=48000:d=2.4"];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'];
const QUICK = { preset: 'ultrafast', segmentSeconds: '1', model: 'websr-s-rl', fps: '24' };
const SRT = '1\n00:00:00,240 --> 00:00:01,200\nHello\n\n2\n00:00:01,440 --> 00:00:02,400\nBye\n';
const CHAPTERS =
  ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1200\ntitle=one\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1200\nEND=2400\ntitle=two\n';

let mill: TestMill;
let film: string;
beforeAll(async () => {
  mill = await testMill();
  const folder = await temporaryFolder();
  const [srt, chapters] = [join(folder, 'subtitles.srt'), join(folder, 'chapters.txt')];
  await writeFile(srt, SRT);
  await writeFile(chapters, CHAPTERS);
  film = join(folder, 'film.mkv');
  const inputs = [...picture, ...tone, '-i', srt, '-i', srt, '-i', srt, '-f', 'ffmetadata', '-i', chapters];
  const maps = [
    '-map',
    '0:v',
    '-map',
    '1:a',
    '-map',
    '2',
    '-map',
    '3',
    '-map',
    '4',
    '-map_metadata',
    '5',
    '-map_chapters',
    '5',
  ];
  const codecs = ['-c:a', 'pcm_s16le', '-c:s:0', 'srt', '-c:s:1', 'ass', '-c:s:2', 'webvtt'];
  await run('ffmpeg', ['-v', 'error', ...inputs, ...maps, ...x264, ...codecs, film]);
});

describe('upscale retimes 25 frames a second to 24', () => {
  it.each([
    { pitch: 'restored', hertz: 960 },
    { pitch: 'kept', hertz: 1000 },
  ])('picture, sound (pitch $pitch), subtitles and chapters', async ({ pitch, hertz }) => {
    const { outcome, manifest, path } = await mill.run(film, 'upscale', { ...QUICK, pitch });
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, streams } = await manifest();
    expect(renditions[0]).toMatchObject({ frames: 60, width: 128 });
    expect(renditions[0]?.segments.total).toBeGreaterThan(1);
    const made = path('upscaled.mp4');
    const frames = await decodedFrames(made, 'yuv420p');
    expect(frames.map(({ seconds }) => seconds)).toEqual(
      Array.from({ length: 60 }, (_, i) => expect.closeTo(i / 24, 5)),
    );
    const sound = await heard(made);
    expect(sound.beginsSeconds).toBeCloseTo(1.25, 1);
    expect(Math.abs(sound.hertz - hertz)).toBeLessThan(5);
    expect(sound.seconds).toBeCloseTo(2.5, 1);
    expect(await readFile(path('stream-2.srt'), 'utf8')).toContain('00:00:00,250 --> 00:00:01,250\nHello');
    expect(await readFile(path('stream-3.ass'), 'utf8')).toContain('0:00:01.50,0:00:02.50');
    expect(await readFile(path('stream-4.vtt'), 'utf8')).toContain('00:00.250 --> 00:01.250');
    expect(await chaptersOf(made)).toEqual([
      { start: 0, end: 1.25, title: 'one' },
      { start: 1.25, end: 2.5, title: 'two' },
    ]);
    expect(streams.map(({ fate }) => fate)).toEqual(['converted', 'converted', 'kept', 'kept', 'kept']);
  });

  it('multiplies the times of bitmap subtitles', async () => {
    const folder = await temporaryFolder();
    const [sup, source] = [join(folder, 'two.sup'), join(folder, 'disc.mkv')];
    await writeFile(sup, Buffer.concat([0, 0.96, 1.2, 1.92].flatMap((seconds) => displaySet(seconds))));
    await run('ffmpeg', [
      '-v',
      'error',
      ...picture,
      '-i',
      sup,
      ...x264,
      '-map',
      '0',
      '-map',
      '1',
      '-c:s',
      'copy',
      source,
    ]);
    const { outcome, path } = await mill.run(source, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const times = [...new Set(await timesOf(path('stream-1.sup'), 's:0'))];
    expect(times).toEqual([0, 1, 1.25, 2].map((seconds) => expect.closeTo(seconds, 3)));
  });

  it.each([
    { first: 'the picture', offsets: { picture: 0, sound: 0.3 } },
    { first: 'the sound, by the delay of its encoder', offsets: { picture: 0, sound: 0 } },
    { first: 'the sound', offsets: { picture: 0.5, sound: 0 } },
  ])('into Matroska, chapters included, where $first begins', async ({ first, offsets }) => {
    const folder = await temporaryFolder();
    const chapters = join(folder, 'chapters.txt');
    await writeFile(chapters, CHAPTERS);
    const source = join(folder, `${first.slice(0, 8).trim().replaceAll(' ', '-')}.mkv`);
    const beep = ['-f', 'lavfi', '-i', "aevalsrc='if(gte(t,1.2),sin(2*PI*1000*t),0)':s=48000:d=2.1"];
    await run('ffmpeg', [
      ...['-v', 'error', '-itsoffset', `${offsets.picture}`, ...picture, '-itsoffset', `${offsets.sound}`, ...beep],
      ...['-f', 'ffmetadata', '-i', chapters, '-map', '0:v', '-map', '1:a', '-map_chapters', '2'],
      ...[...x264, '-c:a', 'aac', source],
    ]);
    const { outcome, path } = await mill.run(source, 'upscale', { ...QUICK, fps: '23.976', container: 'mkv' });
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const made = path('upscaled.mkv');
    const factor = 1001 / 960;
    const [from = 0] = await timesOf(source, 'v:0');
    const [begins = 0] = await timesOf(made, 'v:0');
    const late = begins - from * factor; // the sound's encoder has a delay, and nothing can begin before 0
    expect(late).toBeLessThan(0.05);
    expect(await chaptersOf(made)).toEqual([
      { start: 0, end: expect.closeTo(1.2 * factor + late, 2), title: 'one' },
      { start: expect.closeTo(1.2 * factor + late, 2), end: expect.closeTo(2.4 * factor + late, 2), title: 'two' },
    ]);
    // from the first picture to the beep, as both are decoded
    const distance = async (file: string) => {
      const [firstPicture = 0] = await timesOf(file, 'v:0');
      const [firstSound = 0] = await timesOf(file, 'a:0');
      return firstSound + (await heard(file)).beginsSeconds - firstPicture;
    };
    expect(await distance(made)).toBeCloseTo((await distance(source)) * factor, 1);
  });

  it('keeps the proportions of uneven times, and refuses another speed', async () => {
    const args = [
      ...picture,
      '-vf',
      'settb=1/90000,setpts=N*3600+mod(N\\,3)*500',
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '-1',
      ...x264,
    ];
    const uneven = await makeClip({ file: 'uneven.mp4', args: args });
    const { outcome, path } = await mill.run(uneven, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const [was, is] = await Promise.all([uneven, path('upscaled.mp4')].map((file) => packetsOf(file, 'v:0')));
    const sorted = (packets: typeof was) => (packets ?? []).map(({ seconds }) => seconds).sort((a, b) => a - b);
    expect(sorted(is)).toEqual(sorted(was).map((seconds) => expect.closeTo((seconds * 25) / 24, 4)));
    const fifty = await makeClip({
      file: 'fifty.mp4',
      args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=50:duration=0.4', ...x264],
    });
    expect((await mill.run(fifty, 'upscale', QUICK)).outcome).toMatchObject({ status: 'failed', code: 'usage' });
  });
});

/** A PGS display set that shows nothing: a composition without objects, and its end. */
function displaySet(seconds: number): Buffer[] {
  const segment = (type: number, ...data: readonly Buffer[]) => {
    const bytes = Buffer.concat(data);
    return Buffer.concat([text('PG'), u32(Math.round(seconds * 90_000)), u32(0), u8(type), u16(bytes.length), bytes]);
  };
  return [segment(0x16, u16(64), u16(48), u8(0x10), u16(0), u8(0x80, 0, 0, 0)), segment(0x80)];
}

/** The start of the sound, its frequency, and its total duration. */
async function heard(path: string): Promise<{ beginsSeconds: number; hertz: number; seconds: number }> {
  const args = ['-v', 'error', '-i', path, '-map', '0:a', '-ac', '1', '-ar', '48000', '-f', 's16le', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 26 });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
  const begins = samples.findIndex((sample) => Math.abs(sample) > 8000);
  const part = samples.slice(begins + 4800, begins + 4800 + 24_000);
  const rises = part.filter((sample, i) => i > 0 && (part[i - 1] ?? 0) < 0 && sample >= 0).length;
  return { beginsSeconds: begins / 48_000, hertz: rises * 2, seconds: samples.length / 48_000 };
}

async function chaptersOf(path: string) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', '-show_chapters', path]);
  const { chapters }: { chapters: { start_time: string; end_time: string; tags: { title: string } }[] } =
    JSON.parse(stdout);
  return chapters.map(({ start_time, end_time, tags: { title } }) => ({
    start: Number(start_time),
    end: Number(end_time),
    title,
  }));
}

const timesOf = async (path: string, stream: string): Promise<number[]> => {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', stream, '-show_entries', 'packet=pts_time', path];
  const { packets }: { packets: { pts_time: string }[] } = JSON.parse((await run('ffprobe', args)).stdout);
  return packets.map(({ pts_time }) => Number(pts_time));
};
