import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TestMill, testMill } from '../support/mill.ts';

const run = promisify(execFile);
const SETTINGS = { preset: 'ultrafast', segmentSeconds: '1', evenIfLarger: true };
const AUDIO = ['eng', 'jpn', 'ger'];

/** Sound in three languages and subtitles in two. */
async function makeFilm(path: string): Promise<void> {
  const text = Buffer.from('1\n00:00:00,100 --> 00:00:00,900\nhello\n').toString('base64'); // ffmpeg reads no %0A
  const srt = `data:text/plain;base64,${text}`;
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=24:d=1'],
    ...AUDIO.flatMap((_, i) => ['-f', 'lavfi', '-i', `sine=frequency=${300 * (i + 1)}:duration=1`]),
    ...[
      '-f',
      'srt',
      '-i',
      srt,
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-map',
      '2:a',
      '-map',
      '3:a',
      '-map',
      '4:s',
      '-map',
      '4:s',
    ],
    ...AUDIO.flatMap((language, i) => [`-metadata:s:a:${i}`, `language=${language}`]),
    ...['-metadata:s:s:0', 'language=eng', '-metadata:s:s:1', 'language=fre'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-c:s', 'srt', path],
  ]);
}

/** By mediainfo: ISO 639-1, as it says them. */
async function languagesIn(path: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { stdout } = await run('mediainfo', ['--Output=JSON', path]);
  const tracks: readonly { '@type': string; Language?: string }[] = JSON.parse(stdout).media.track;
  const of = (type: string) => tracks.filter((track) => track['@type'] === type).map(({ Language = '' }) => Language);
  return { audio: of('Audio'), subtitles: of('Text') };
}

describe('a film in several languages', () => {
  let mill: TestMill;
  let film: string;
  beforeAll(async () => {
    mill = await testMill();
    film = join(mill.folder, 'film.mkv');
    await makeFilm(film);
  });

  it.each([
    { settings: { audio: 'eng,ja' }, audio: ['en', 'ja'], subtitles: ['en', 'fr'] },
    { settings: { audio: 'deu', subtitles: 'none' }, audio: ['de'], subtitles: [] },
    { settings: { subtitles: 'ita,fra', container: 'mkv' }, audio: ['en', 'ja', 'de'], subtitles: ['fr'] },
  ])('keeps what $settings names, and says why the rest is left out', async ({ settings, audio, subtitles }) => {
    const made = await mill.run(film, 'preserve', { ...SETTINGS, ...settings });
    const { renditions, streams } = await made.manifest();
    expect(await languagesIn(made.path(renditions[0]?.path ?? ''))).toEqual({ audio, subtitles });
    const dropped = streams.filter(({ fate }) => fate === 'dropped');
    expect(dropped).toHaveLength(5 - audio.length - subtitles.length);
    for (const { why } of dropped)
      expect(why).toMatch(/^(audio|subtitles)=.* leaves it out: its language is [a-z]{3}$/);
  });

  it('is refused with a sentence where it has none of those', async () => {
    const { outcome } = await mill.run(film, 'preserve', { ...SETTINGS, audio: 'ita' });
    expect(outcome).toMatchObject({
      status: 'failed',
      exitCode: 64,
      reason:
        'audio=ita: the film has no sound in these languages; it has eng (stream 1), jpn (stream 2), ger (stream 3). audio=ita,none accepts a film without',
    });
  });

  it('gives a stream the first sound that is wanted', async () => {
    const made = await mill.run(film, 'ladder', { preset: 'ultrafast', segmentSeconds: '1', audio: 'jpn' });
    const fates = (await made.manifest()).streams.filter(({ type }) => type === 'audio').map(({ fate }) => fate);
    expect(fates).toEqual(['dropped', 'kept', 'dropped']);
  });
});
