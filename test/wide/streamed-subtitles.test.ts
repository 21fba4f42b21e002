import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';

const run = promisify(execFile);
const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

const ASS = `[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\i1}Ein Schild{\\i0}
`;
const BESIDE = {
  'film.srt':
    '1\n00:00:00,500 --> 00:00:01,000\nFish & chips <3\n\n2\n00:01:00,000 --> 00:01:02,000\nToo late\n\n3\n00:02:00,000 --> 00:02:02,000\nToo late, too\n',
  'film.en.vtt': 'WEBVTT\n\n00:00.500 --> 00:01.000\nHello &amp; <b>welcome</b>\n\n00:01.500 --> 00:01.500\nThe end\n',
  'film.forced.de.ass': ASS,
  'film.fr.sup': 'PG no text',
  'other.srt': '1\n00:00:00,500 --> 00:00:01,000\nNot of this film\n',
};

describe('a ladder of a film with subtitle files beside it', () => {
  let mill: TestMill;
  let film: string;
  let made: Milled;
  let manifest: Manifest;
  const drop = () => mill.run(film, small, { preset: 'ultrafast' });
  beforeAll(async () => {
    mill = await testMill();
    const args = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x90:rate=25:duration=2',
      '-i',
      '@inside.vtt',
      '-c:v',
      'libx264',
    ];
    const files = { 'inside.vtt': 'WEBVTT\n\n00:00.500 --> 00:01.000\n1 &lt; 2 &amp; &lt;i&gt;\n' };
    const coded = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:s', 'copy'];
    film = await mill.own(await makeClip({ file: 'texts.mkv', files, args: [...args, ...coded] }), 'film.mkv');
    for (const [name, text] of Object.entries(BESIDE)) await writeFile(join(mill.folder, 'in', name), text);
    made = await drop();
    expect(made.outcome).toMatchObject({ status: 'done' });
    manifest = await made.manifest();
  });
  const textOf = (name: string) => readFile(made.path(name), 'utf8');

  it('has each as WebVTT, with its language and its flags', () => {
    const told = (manifest.subtitles ?? []).map(({ path, language, forced }) => [path, language, forced]);
    expect(told).toEqual([
      ['subtitles-1.vtt', undefined, false],
      ['subtitles-2.vtt', 'eng', false],
      ['subtitles-3.vtt', 'deu', true],
      ['subtitles-5.vtt', undefined, false],
    ]);
  });

  it('says what became of each, and of texts that the film has no time for', () => {
    expect(manifest.streams.slice(2).map(({ beside, fate, sidecar }) => [beside, fate, sidecar])).toEqual([
      ['film.en.vtt', 'converted', 'subtitles-2.vtt'],
      ['film.forced.de.ass', 'converted', 'subtitles-3.vtt'],
      ['film.fr.sup', 'dropped', undefined],
      ['film.srt', 'converted', 'subtitles-5.vtt'],
    ]);
    const left = 'of its texts these are left out: 2 behind the end of the film';
    expect(manifest.streams[5]?.why).toBe(`as WebVTT in subtitles-5.vtt, for players; ${left}`);
    const warnings = made.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings).toContain(`subtitles-5.vtt: ${left}`);
    expect(manifest.warnings).toContainEqual(
      expect.stringContaining('stream 4 (subtitle) is dropped: it cannot be streamed'),
    );
  });

  it.each([
    { name: 'subtitles-1.vtt', text: '00:00:00.500 --> 00:00:01.000\n1 &lt; 2 &amp; &lt;i&gt;\n' },
    {
      name: 'subtitles-2.vtt',
      text: '00:00:00.500 --> 00:00:01.000\nHello &amp; <b>welcome</b>\n\n00:00:01.500 --> 00:00:02.000\nThe end\n',
    },
    { name: 'subtitles-3.vtt', text: '00:00:00.500 --> 00:00:01.500\n<i>Ein Schild</i>\n' },
    { name: 'subtitles-5.vtt', text: '00:00:00.500 --> 00:00:01.000\nFish &amp; chips &lt;3\n' },
  ])('writes $name as players read it', async ({ name, text }) => {
    expect(await textOf(name)).toBe(`WEBVTT\n\n${text}\n`);
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      made.path(name),
    ]);
    expect(stdout.trim().split('\n')).toHaveLength(text.split('-->').length - 1);
  });

  it('names them in both manifests', async () => {
    const [master, mpd] = [await textOf('master.m3u8'), await textOf('manifest.mpd')];
    for (const { name, path } of manifest.subtitles ?? []) {
      expect(master).toContain(`URI="${name}.m3u8"`);
      expect(mpd).toContain(path);
    }
    expect(master).toMatch(/TYPE=SUBTITLES.*LANGUAGE="deu?".*FORCED=YES/);
  });

  it('follows them when they change, with nothing encoded', async () => {
    expect((await drop()).outcome).toMatchObject({ status: 'unchanged' });
    await writeFile(join(mill.folder, 'in', 'film.en.vtt'), 'WEBVTT\n\n00:00.500 --> 00:01.000\nGoodbye\n');
    await rm(join(mill.folder, 'in', 'film.srt'));
    const again = await drop();
    expect(again.encoded()).toEqual({});
    expect(again.made()).toEqual([]);
    const { subtitles = [], renditions } = await again.manifest();
    expect(subtitles.map(({ path }) => path)).toEqual(['subtitles-1.vtt', 'subtitles-2.vtt', 'subtitles-3.vtt']);
    expect(await readFile(again.path('subtitles-2.vtt'), 'utf8')).toContain('Goodbye');
    expect(renditions).toEqual(manifest.renditions);
    await expect(textOf('subtitles-5.vtt')).rejects.toThrow('ENOENT');
  });
});
