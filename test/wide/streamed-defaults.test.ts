import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { QUICK, type TestMill, testMill } from '../support/mill.ts';

const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1'];
const TEXTS = ['-i', '@none.vtt', '-i', '@a.vtt', '-i', '@b.vtt', '-map', '0', '-map', '1', '-map', '2', '-map', '3'];
const CODED = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const MARKS = ['-disposition:s:0', '0', '-disposition:s:1', 'default', '-disposition:s:2', 'default'];
const text = (words: string) => `WEBVTT\n\n00:00.200 --> 00:00.500\n${words}\n`;
const FILES = { 'none.vtt': text('None'), 'a.vtt': text('First'), 'b.vtt': text('Second') };

/** The texts of a master playlist, each with whether players choose it by themselves. */
const defaultsOf = (master: string): readonly (readonly [string, string])[] =>
  [...master.matchAll(/TYPE=SUBTITLES.*DEFAULT=(YES|NO).*URI="([^"]+)"/g)].map(([, is = '', uri = '']) => [uri, is]);

describe('the text that players of a ladder choose by themselves', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });

  it.each([
    ['Matroska', 'defaults.mkv', 'copy'],
    ['MP4', 'defaults.mp4', 'mov_text'],
  ])('is the first of the default ones in %s', async (_, file, codec) => {
    const clip = await makeClip({
      file,
      files: FILES,
      args: [...PICTURE, ...TEXTS, ...CODED, '-c:s', codec, ...MARKS],
    });
    const made = await mill.run(await mill.own(clip, file), small, { preset: 'ultrafast' });
    expect(made.outcome).toMatchObject({ status: 'done' });
    expect(defaultsOf(await readFile(made.path('master.m3u8'), 'utf8'))).toEqual([
      ['subtitles-1.m3u8', 'NO'],
      ['subtitles-2.m3u8', 'YES'],
      ['subtitles-3.m3u8', 'NO'],
    ]);
    const mpd = await readFile(made.path('manifest.mpd'), 'utf8');
    expect(mpd.split('contentType="text"').map((set) => set.includes('value="main"'))).toEqual([
      ...[false, false, true, false],
    ]);
    const { subtitles = [], streams } = await made.manifest();
    expect(subtitles.map((each) => each.default)).toEqual([false, true, false]);
    expect(streams[3]?.why).toBe('as WebVTT in subtitles-3.vtt, for players, which choose the first default text');
  });
});

describe('a file beside a film whose name says `default`', () => {
  const SRT = '1\n00:00:00,200 --> 00:00:00,500\nHello\n';
  let mill: TestMill;
  let film: string;
  beforeAll(async () => {
    mill = await testMill();
    film = await mill.own(await makeClip({ file: 'bare.mp4', args: [...PICTURE, ...CODED] }), 'film.mp4');
    for (const name of ['film.de.srt', 'film.en.default.srt']) await writeFile(join(mill.folder, 'in', name), SRT);
  });

  it('is what players of a ladder choose by themselves', async () => {
    const made = await mill.run(film, small, { preset: 'ultrafast' });
    expect(defaultsOf(await readFile(made.path('master.m3u8'), 'utf8'))).toEqual([
      ['subtitles-1.m3u8', 'NO'],
      ['subtitles-2.m3u8', 'YES'],
    ]);
  });

  it.each(['mp4', 'mkv'])('is the default text of an archive in %s', async (container) => {
    const made = await mill.run(film, 'preserve', { ...QUICK, evenIfLarger: 'true', container });
    const { streams } = await ffprobe(made.path(`preserve.${container}`), '-show_streams', '-select_streams', 's');
    expect(streams).toMatchObject([
      { tags: { language: expect.stringMatching(/^(deu|ger)$/) }, disposition: { default: 0 } },
      { tags: { language: 'eng' }, disposition: { default: 1 } },
    ]);
  });
});
