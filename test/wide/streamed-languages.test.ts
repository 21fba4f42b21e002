import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { testMill } from '../support/mill.ts';

const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

const SOUND = ['-f', 'lavfi', '-i', 'sine=500:d=1'];
const TAGS = ['pt-BR', 'pt-PT', 'zh-Hans', 'zh-Hant'];

it('names languages of a ladder with their regions and scripts, each track by a name of its own', async () => {
  const mill = await testMill();
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1', ...SOUND, ...SOUND];
  const texts = ['-i', '@a.vtt', '-i', '@a.vtt', ...[0, 1, 2, 3, 4].flatMap((input) => ['-map', `${input}`])];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-c:s', 'copy'];
  const named = TAGS.flatMap((tag, i) => [`-metadata:s:${i + 1}`, `language=${tag}`]);
  const files = { 'a.vtt': 'WEBVTT\n\n00:00.200 --> 00:00.500\nHello\n' };
  const clip = await makeClip({ file: 'regions.mkv', files, args: [...inputs, ...texts, ...coded, ...named] });
  const film = await mill.own(clip, 'film.mkv');
  await writeFile(join(mill.folder, 'in', 'film.es-419.vtt'), files['a.vtt']);
  const made = await mill.run(film, small, { preset: 'ultrafast' });
  expect(made.outcome).toMatchObject({ status: 'done' });
  const master = await readFile(made.path('master.m3u8'), 'utf8');
  const tracks = [...master.matchAll(/NAME="([^"]*)",LANGUAGE="([^"]*)"/g)].map(([, name, language]) => [
    name,
    language,
  ]);
  expect(tracks).toEqual([...TAGS, 'es-419'].map((tag) => [tag, tag]));
  const mpd = await readFile(made.path('manifest.mpd'), 'utf8');
  expect([...mpd.matchAll(/ lang="([^"]*)"/g)].map(([, language]) => language)).toEqual([...TAGS, 'es-419']);
  const { renditions, sounds = [], subtitles = [] } = await made.manifest();
  expect(renditions[0]?.soundLanguage).toBe('pt-BR');
  expect([...sounds, ...subtitles].map(({ language }) => language)).toEqual([...TAGS.slice(1), 'es-419']);
});

it('takes the sound of rungs that are made from each other for the stream of the source that it is', async () => {
  const rung = ladder.renditions[3];
  const rungs = [
    { ...rung, name: 'hd', parent: 'source', fit: { halfPerimeter: 250 } },
    { ...rung, name: 'sd', parent: 'hd', fit: { halfPerimeter: 200 } },
  ];
  const mill = await testMill();
  const surround = ['-f', 'lavfi', '-i', `aevalsrc=${Array(6).fill('sin(500*t)').join('|')}:s=48000:d=1`];
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1', ...SOUND, ...surround];
  const maps = [0, 1, 2].flatMap((input) => ['-map', `${input}`]);
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a:0', 'aac', '-c:a:1', 'ac3'];
  const named = ['-metadata:s:1', 'language=de-AT', '-metadata:s:2', 'language=pt-BR'];
  const marked = ['-disposition:a:0', '0', '-disposition:a:1', 'default'];
  const clip = await makeClip({ file: 'surround.mkv', args: [...inputs, ...maps, ...coded, ...named, ...marked] });
  const made = await mill.run(clip, { ...small, renditions: rungs }, { preset: 'ultrafast', from: 'parent' });
  expect(made.outcome).toMatchObject({ status: 'done' });
  const { renditions } = await made.manifest();
  expect(renditions.map(({ parent, soundStream, soundLanguage }) => [parent, soundStream, soundLanguage])).toEqual([
    ['source', 2, 'pt-BR'],
    ['hd', 2, 'pt-BR'],
  ]);
  const master = await readFile(made.path('master.m3u8'), 'utf8');
  const tracks = [...master.matchAll(/GROUP-ID="(\w+)".*LANGUAGE="([^"]*)",DEFAULT=(\w+).*URI="([^"]*)"/g)];
  expect(tracks.map(([, ...told]) => told.join(' '))).toEqual([
    'sound pt-BR YES sound.m3u8',
    'sound de-AT NO sound-1.m3u8',
    'surround pt-BR YES sound-2.surround.m3u8',
    'surround de-AT NO sound-1.m3u8',
  ]);
});
