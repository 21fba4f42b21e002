import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const TEXT = `WEBVTT - a film

STYLE
::cue(.y) { color: yellow }

intro
00:00:00.100 --> 00:00:00.500 line:10% align:start
<v Ann><c.y>Hello</c> &amp; more

00:00:00.600 --> 00:00:00.900
World <00:00:00.700>karaoke
Two
`;
const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

describe('WebVTT as Matroska has it', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const merge = (...args: readonly string[]) => run('mkvmerge', ['-q', '-o', ...args]);
  const extracted = async (film: string, track: number) => {
    await run('mkvextract', [film, 'tracks', `${track}:${at('extracted.vtt')}`]);
    return readFile(at('extracted.vtt'), 'utf8');
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1'];
    await run('ffmpeg', [
      '-v',
      'error',
      ...inputs,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-c:a',
      'aac',
      at('a.mp4'),
    ]);
    await writeFile(at('a.vtt'), TEXT);
    const track = ['--language', '0:pt-BR', '--forced-display-flag', '0:1', at('a.vtt')];
    await merge(at('film.mkv'), at('a.mp4'), ...track);
  });

  it('stays in Matroska, as mkvmerge and mkvextract read it', async () => {
    const made = await milledFile(at('film.mkv'), { ...settings, container: 'mkv' });
    const film = made.path('preserve.mkv');
    const { tracks } = JSON.parse((await run('mkvmerge', ['-J', film])).stdout);
    expect(tracks[2]).toMatchObject({
      codec: 'WebVTT',
      properties: { codec_id: 'S_TEXT/WEBVTT', language_ietf: 'pt-BR', forced_track: true },
    });
    expect(await extracted(film, 2)).toBe(await extracted(at('film.mkv'), 2));
    expect(made.manifest.streams[2]).toMatchObject({ codec: 'webvtt', fate: 'kept', why: 'its packets are copied' });
    const checks = made.manifest.renditions[0]?.checks ?? [];
    expect(checks.find(({ name }) => name === 'stream 2 is copied bit for bit')?.passed).toBe(true);
    const again = await milledFile(film, { ...settings, container: 'mkv' });
    expect(await extracted(again.path('preserve.mkv'), 2)).toBe(await extracted(at('film.mkv'), 2));
  });

  it('becomes text of MP4, and lies beside it with its styles, settings and names', async () => {
    const made = await milledFile(at('film.mkv'), settings);
    const texts = ['-v', 'error', '-i', made.path('preserve.mp4'), '-map', '0:s', '-f', 'srt', '-'];
    const { stdout } = await run('ffmpeg', texts);
    expect(stdout.replaceAll('\r', '')).toBe(
      '1\n00:00:00,100 --> 00:00:00,500\nHello & more\n\n2\n00:00:00,600 --> 00:00:00,900\nWorld karaoke\nTwo\n\n',
    );
    expect(await readFile(made.path('stream-2.forced.vtt'), 'utf8')).toBe(TEXT);
    expect(made.manifest.streams[2]?.why).toBe(
      'MP4 holds text subtitles as mov_text; the webvtt itself is in the sidecar',
    );
  });

  it('becomes the WebVTT of WebM', async () => {
    const made = await milledFile(at('film.mkv'), {
      ...settings,
      codec: 'av1',
      container: 'webm',
    });
    const { tracks } = JSON.parse((await run('mkvmerge', ['-J', made.path('preserve.webm')])).stdout);
    expect(tracks[2].properties.codec_id).toBe('D_WEBVTT/SUBTITLES');
    const texts = ['-v', 'error', '-i', made.path('preserve.webm'), '-map', '0:s', '-c', 'copy', '-f', 'webvtt', '-'];
    expect((await run('ffmpeg', texts)).stdout).toMatch(
      // all of a film with Opus is later by the delay of its encoder
      /intro\n00:00\.10\d --> 00:00\.50\d line:10% align:start\n<v Ann><c\.y>Hello<\/c> &amp; more/,
    );
    expect(await readFile(made.path('stream-2.forced.vtt'), 'utf8')).toBe(TEXT);
  });

  it('lies beside a ladder as other subtitles do, in its place', async () => {
    const made = await milledFile(at('film.mkv'), { preset: 'ultrafast' }, small);
    expect(await readFile(made.path('subtitles-2.vtt'), 'utf8')).toContain(
      'line:10% align:start\n<v Ann><c.y>Hello</c> &amp; more',
    );
    expect(await readFile(made.path('subtitles-2.vtt'), 'utf8')).toContain('World <00:00:00.700>karaoke');
    expect(made.manifest.streams[2]?.why).toBe(
      'as WebVTT in subtitles-2.vtt, for players; its styles (STYLE) are left out',
    );
  });
});
