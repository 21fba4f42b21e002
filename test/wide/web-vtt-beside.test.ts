import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { textsIn } from '../fixtures/movie-texts.ts';
import { QUICK, testMill } from '../support/mill.ts';

const run = promisify(execFile);
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=10:d=4', '-c:v', 'libx264', '-preset', 'ultrafast'];

const HEAD = 'WEBVTT - a film\n\nSTYLE\n::cue(.y) { color: yellow }\n\nNOTE of the whole film';
const TEXT = `${HEAD}

NOTE of the first cue

intro
00:00:00.100 --> 00:00:00.500 line:10% align:start
<v Ann><c.yellow>Hello</c> &amp; <ruby>漢<rt>かん</rt></ruby>

00:00:00.600 --> 00:00:01.900
World <00:00:00.700>karaoke
<i>Two</i>

last
00:00:02.000 --> 00:00:03.000
One &lt; two
`;

describe('WebVTT beside a film', () => {
  let film: string;
  beforeAll(async () => {
    film = await makeClip({ file: 'silent.mp4', args: PICTURE });
  });
  const made = async (container: string) => {
    const mill = await testMill();
    const source = await mill.own(film);
    await writeFile(source.replace(/mp4$/, 'vtt'), TEXT);
    const codec = container === 'webm' ? { codec: 'av1' } : {};
    const done = await mill.run(source, 'preserve', { ...QUICK, evenIfLarger: 'true', container, ...codec });
    expect(done.outcome).toMatchObject({ status: 'done' });
    const { streams, warnings, renditions } = await done.manifest();
    expect(warnings).toEqual([]);
    expect(await readFile(done.path('preserve.vtt'), 'utf8')).toBe(TEXT);
    const name = 'subtitles of stream 1 are at their times';
    expect(renditions[0]?.checks.find((check) => check.name === name)).toMatchObject({ passed: true });
    return { why: streams[1]?.why, file: done.path(`preserve.${container}`), folder: mill.folder };
  };

  it('is WebVTT in Matroska, with its settings, names, comments, styles and karaoke', async () => {
    const { why, file, folder } = await made('mkv');
    expect(why).toBe('lies beside the rendition as it was, and in it as WebVTT');
    const { tracks } = JSON.parse((await run('mkvmerge', ['-J', file])).stdout);
    expect(tracks[1]).toMatchObject({ codec: 'WebVTT', properties: { codec_id: 'S_TEXT/WEBVTT' } });
    const extracted = join(folder, 'extracted.vtt');
    await run('mkvextract', [file, 'tracks', `1:${extracted}`]);
    // by mkvmerge's own Matroska of the same file, too
    const [merged, again] = [join(folder, 'merged.mkv'), join(folder, 'again.vtt')];
    await writeFile(join(folder, 'text.vtt'), TEXT);
    await run('mkvmerge', ['-q', '-o', merged, join(folder, 'text.vtt')]);
    await run('mkvextract', [merged, 'tracks', `0:${again}`]);
    expect(await readFile(extracted, 'utf8')).toBe(await readFile(again, 'utf8'));
    expect(await readFile(extracted, 'utf8')).toContain('World <00:00:00.700>karaoke');
  });

  it('has the words that players show in MP4', async () => {
    const { why, file } = await made('mp4');
    expect(why).toBe(
      'lies beside the rendition as it was, and in it as mov_text; its styles (STYLE) are left out; where 1 of its texts stand in the picture is left out',
    );
    expect(textsIn(await readFile(file))).toEqual([
      ['0.1-0.5', 'Hello & 漢(かん)'],
      ['0.6-1.9', 'World karaoke\nTwo'],
      ['2-3', 'One < two'],
    ]);
  });

  it('is WebVTT in WebM', async () => {
    const { file } = await made('webm');
    const texts = ['-v', 'error', '-i', file, '-map', '0:s', '-c', 'copy', '-f', 'webvtt', '-'];
    expect((await run('ffmpeg', texts)).stdout).toBe(
      'WEBVTT\n\n00:00.100 --> 00:00.500\n<v Ann><c.yellow>Hello</c> &amp; <ruby>漢<rt>かん</rt></ruby>\n\n' +
        '00:00.600 --> 00:01.900\nWorld <00:00:00.700>karaoke\n<i>Two</i>\n\n00:02.000 --> 00:03.000\nOne &lt; two\n',
    );
  });
});
