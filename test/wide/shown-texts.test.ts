import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { textsIn } from '../fixtures/movie-texts.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const SETTINGS = { ...QUICK, evenIfLarger: 'true' };

/** An MP4 of 4 seconds with two texts, from 0.2 to 0.6 and from 3 to 3.5 seconds. */
async function filmWithTexts(...options: readonly string[]) {
  const folder = await temporaryFolder();
  const [texts, film] = [join(folder, 'texts.srt'), join(folder, 'film.mp4')];
  await writeFile(texts, '1\n00:00:00,200 --> 00:00:00,600\none\n\n2\n00:00:03,000 --> 00:00:03,500\ntwo\n');
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=4', '-f', 'srt', '-i', texts];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-c:s', 'mov_text'];
  await run('ffmpeg', ['-v', 'error', ...picture, ...codecs, ...options, film]);
  return film;
}

/** As a cut without encoding leaves it: the edit list of the texts begins within a time without one. */
async function cutFilm(): Promise<string> {
  const film = await filmWithTexts();
  const bytes = await readFile(film);
  const edit = bytes.lastIndexOf('elst') + 12; // behind the type, the flags and the number of edits
  bytes.writeUInt32BE(3000, edit);
  bytes.writeUInt32BE(1_000_000, edit + 4);
  await writeFile(film, bytes);
  return film;
}

const fragmentedFilm = () => filmWithTexts('-movflags', 'frag_keyframe+empty_moov');

const timesIn = (text: string) => text.match(/[\d:,.]+ --> [\d:,.]+/g);

describe.each([
  ['a cut film', cutFilm, [[2, 2.5]]],
  [
    'a film in fragments',
    fragmentedFilm,
    [
      [0.2, 0.6],
      [3, 3.5],
    ],
  ],
])('the texts of %s are shown at their times', (_, made, wanted) => {
  it('in Matroska', async () => {
    const { path, manifest } = await milledFile(await made(), { ...SETTINGS, container: 'mkv' });
    expect(manifest.warnings).toEqual([]);
    const asked = ['-select_streams', 's', '-show_entries', 'packet=pts_time,duration_time', '-of', 'json'];
    const { stdout } = await run('ffprobe', ['-v', 'error', ...asked, path('preserve.mkv')]);
    const { packets } = JSON.parse(stdout);
    const found = packets.map((each: { pts_time: string; duration_time: string }) => [
      Number(each.pts_time),
      Number((Number(each.pts_time) + Number(each.duration_time)).toFixed(3)),
    ]);
    expect(found).toEqual(wanted);
  });

  it('in an MP4', async () => {
    const { path, manifest } = await milledFile(await made(), SETTINGS);
    expect(manifest.warnings).toEqual([]);
    expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: 'its packets are copied' });
    const texts = textsIn(await readFile(path('preserve.mp4')));
    expect(texts.map(([times]) => times)).toEqual(wanted.map(([from, to]) => `${from}-${to}`));
  });

  it('in WebVTT beside streams', async () => {
    const { path } = await milledFile(await made(), { preset: 'ultrafast' }, smallLadder);
    const clock = (seconds: number) => `00:00:0${seconds.toFixed(3)}`;
    const text = await readFile(path('subtitles-1.vtt'), 'utf8');
    expect(timesIn(text)).toEqual(wanted.map(([from = 0, to = 0]) => `${clock(from)} --> ${clock(to)}`));
  });
});

it('a track of an MP4 that shows no text is copied, and shows none', async () => {
  const folder = await temporaryFolder();
  const [texts, film] = [join(folder, 'texts.srt'), join(folder, 'film.mp4')];
  await writeFile(texts, '1\n00:00:00,200 --> 00:00:00,600\n{\\an8}\n'); // ffmpeg makes it an empty text
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-f', 'srt', '-i', texts];
  await run('ffmpeg', ['-v', 'error', ...inputs, '-c:v', 'libx264', '-c:s', 'mov_text', film]);
  const { path, manifest } = await milledFile(film, SETTINGS);
  expect({ ...manifest.streams[1], warnings: manifest.warnings }).toMatchObject({ fate: 'kept', warnings: [] });
  expect(textsIn(await readFile(path('preserve.mp4')))).toEqual([]);
});
