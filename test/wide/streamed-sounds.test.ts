import { readFile, rm } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';
import { beginnings, channelsOf } from '../support/samples.ts';
import { trackTimes } from '../support/streamed.ts';

const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

const beep = (at: number, seconds: number, channels = 1) => {
  const channel = `if(between(t,${at},${at + 0.2}),sin(6283*t)*.5,0)`;
  const layout = channels === 6 ? ':c=5.1' : '';
  return [
    '-f',
    'lavfi',
    '-i',
    `aevalsrc='${Array.from({ length: channels }, () => channel).join('|')}'${layout}:s=48000:d=${seconds}`,
  ];
};

/** French, English in 5.1 as the default, a commentary that ends early; subtitles in German, forced ones in English. */
const LANGUAGES = {
  file: 'languages.mkv',
  files: {
    'german.srt':
      '1\n00:00:00,500 --> 00:00:01,500\nGuten <i>Tag</i> & so\n\n2\n00:00:02,000 --> 00:00:09,000\nEin Pfeil --> hier\n',
    'forced.srt': '1\n00:00:01,000 --> 00:00:02,000\nA sign\n',
  },
  args: [
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x90:rate=25:duration=3',
      ...beep(1, 3),
      ...beep(1.4, 3, 6),
      ...beep(0.6, 2),
    ],
    ...['-i', '@german.srt', '-i', '@forced.srt', ...[0, 1, 2, 3, 4, 5].flatMap((input) => ['-map', `${input}`])],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-c:a:0',
      'ac3',
      '-c:a:1',
      'aac',
      '-c:a:2',
      'aac',
    ],
    ...['-metadata:s:a:0', 'language=fre', '-metadata:s:a:1', 'language=eng', '-metadata:s:a:2', 'language=eng'],
    ...['-disposition:a:0', '0', '-disposition:a:1', 'default', '-disposition:a:2', 'comment', '-c:s', 'srt'],
    ...['-metadata:s:s:0', 'language=ger', '-metadata:s:s:1', 'language=eng', '-disposition:s:1', 'forced'],
  ],
};

describe('a ladder of a film with several sounds and subtitles', () => {
  let mill: TestMill;
  let source: string;
  let made: Milled;
  beforeAll(async () => {
    mill = await testMill();
    source = await makeClip(LANGUAGES);
    made = await mill.run(source, small, { preset: 'ultrafast' });
  });

  it('has the default sound in its renditions, in stereo, with its language', async () => {
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { streams } = await ffprobe(made.path('sd.mp4'), '-select_streams', 'a', '-show_streams');
    expect(streams).toMatchObject([{ codec_name: 'aac', channels: 2, tags: { language: 'eng' } }]);
    const [left = new Float64Array()] = await channelsOf(made.path('sd.mp4'));
    expect(beginnings(left, 48_000, 0.02)[0]).toBeCloseTo(1.4, 1);
  });

  it('has every other sound in a file of its own, the default one first', async () => {
    const { sounds = [], streams } = await made.manifest();
    expect(
      sounds.map(({ path, language, channels, default: main, purpose }) => [path, language, channels, main, purpose]),
    ).toEqual([
      ['sound-2.surround.mp4', 'eng', 6, true, undefined],
      ['sound-1.mp4', 'fra', 1, false, undefined],
      ['sound-3.mp4', 'eng', 1, false, 'commentary'],
    ]);
    expect(streams.slice(1, 4).map(({ fate, sidecar }) => [fate, sidecar])).toEqual([
      ['converted', 'sound-1.mp4'],
      ['converted', 'sound-2.surround.mp4'],
      ['converted', 'sound-3.mp4'],
    ]);
    expect(sounds.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  });

  it.each([
    { file: 'sound-1.mp4', channels: 1, language: 'fra', at: 1 },
    { file: 'sound-2.surround.mp4', channels: 6, language: 'eng', at: 1.4 },
    { file: 'sound-3.mp4', channels: 1, language: 'eng', at: 0.6 },
  ])('has $file in its place, as long as the film', async ({ file, channels, language, at }) => {
    const { streams } = await ffprobe(made.path(file), '-show_streams');
    expect(streams).toMatchObject([{ codec_name: 'aac', channels, tags: { language } }]);
    const [track] = await trackTimes(made.path(file));
    expect(track?.to).toBeGreaterThan(2.95);
    expect(track?.to).toBeLessThan(3.1);
    const [mono = new Float64Array()] = await channelsOf(made.path(file));
    expect(beginnings(mono, 48_000, 0.02)[0]).toBeCloseTo(at, 1);
  });

  it('has its text subtitles as WebVTT, no longer than the film', async () => {
    const { subtitles = [], streams } = await made.manifest();
    expect(subtitles.map(({ path, language, forced }) => [path, language, forced])).toEqual([
      ['subtitles-4.vtt', 'deu', false],
      ['subtitles-5.vtt', 'eng', true],
    ]);
    expect(streams[4]).toMatchObject({ fate: 'converted', sidecar: 'subtitles-4.vtt' });
    const text = await readFile(made.path('subtitles-4.vtt'), 'utf8');
    const [head, first, second] = text.split('\n\n');
    expect(head).toBe('WEBVTT');
    expect(first).toMatch(/^00:00:00\.5\d\d --> 00:00:01\.5\d\d\nGuten <i>Tag<\/i> &/);
    expect(second).toMatch(/^00:00:02\.0\d\d --> 00:00:03\.\d+\nEin Pfeil --&gt; hier$/);
  });

  it('names them in both manifests', async () => {
    const { sounds = [], subtitles = [] } = await made.manifest();
    const [master, mpd] = await Promise.all(
      ['master.m3u8', 'manifest.mpd'].map((name) => readFile(made.path(name), 'utf8')),
    );
    for (const { name, path } of [...sounds, ...subtitles]) {
      expect(master).toContain(`URI="${name}.m3u8"`);
      expect(await readFile(made.path(`${name}.m3u8`), 'utf8')).toContain(path);
      expect(mpd).toContain(path);
    }
    expect(master).toMatch(/TYPE=SUBTITLES.*LANGUAGE="eng".*FORCED=YES/);
  });

  it('is unchanged by a second run, and makes no sound again when a rendition is gone', async () => {
    const again = () => mill.run(source, small, { preset: 'ultrafast' });
    expect((await again()).outcome).toMatchObject({ status: 'unchanged' });
    const before = await made.manifest();
    await rm(made.path('sd.mp4'));
    const after = await (await again()).manifest();
    expect(after.sounds).toEqual(before.sounds);
    expect(after.subtitles).toEqual(before.subtitles);
    expect(after.streams).toEqual(before.streams);
  });

  it('leaves out what is not wanted', async () => {
    const { manifest } = await mill.run(source, small, { preset: 'ultrafast', audio: 'eng', subtitles: 'none' });
    const { sounds = [], subtitles, streams } = await manifest();
    expect(sounds.map(({ path }) => path)).toEqual(['sound-2.surround.mp4', 'sound-3.mp4']);
    expect(subtitles).toEqual([]);
    expect(streams.map(({ fate }) => fate)).toEqual([
      'converted',
      'dropped',
      'converted',
      'converted',
      'dropped',
      'dropped',
    ]);
  });
});

/** A program of television, whose steady sound begins 39 ms before its picture. */
const EARLY = {
  file: 'early.ts',
  args: [
    ...['-itsoffset', '0.0334', '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=30000/1001:duration=2'],
    ...['-f', 'lavfi', '-i', 'sine=d=2', '-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'ac3'],
  ],
};

it('keeps a sound that begins less than a frame before the picture', async () => {
  const source = await makeClip(EARLY);
  const { streams } = await ffprobe(source, '-show_streams');
  const [picture, sound] = streams.map(({ start_time }: { start_time: string }) => Number(start_time));
  expect((picture ?? 0) - (sound ?? 0)).toBeCloseTo(0.039, 2);
  const { outcome } = await (await testMill()).run(source, small, { preset: 'ultrafast' });
  expect(outcome).toMatchObject({ status: 'done' });
});
