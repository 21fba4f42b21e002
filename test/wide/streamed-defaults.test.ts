import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

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
