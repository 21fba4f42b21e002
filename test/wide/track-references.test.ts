import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { boxesOf, withBox } from '../../core/bytes/boxes.ts';
import { editListBox } from '../../core/bytes/edit-list-box.ts';
import { box, u32 } from '../fixtures/craft.ts';
import { markedMovie } from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const tref = (...references: readonly (readonly [string, number])[]) =>
  box('tref', ...references.map(([type, number]) => box(type, u32(number))));

describe('what the tracks of an MP4 are to each other', () => {
  let plain: string;
  let source: string;
  const folderOf = temporaryFolder();
  beforeAll(async () => {
    const folder = await folderOf;
    plain = join(folder, 'plain.mp4');
    await writeFile(join(folder, 'text.srt'), '1\n00:00:00,100 --> 00:00:00,300\nHello\n');
    const made = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '1:a', '-map', '2:s', '-map', '2:s'];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a:0', 'aac', '-c:a:1', 'ac3', '-c:s', 'mov_text'];
    await run('ffmpeg', ['-v', 'error', '-y', ...made, '-i', join(folder, 'text.srt'), ...maps, ...codecs, plain]);
    source = await markedMovie(plain, join(folder, 'film.mp4'), {
      tracks: [[], [tref(['fall', 3])], [], [tref(['folw', 2], ['forc', 5])], [tref(['forc', 99])]],
    });
  });

  /** The references of a file as ExifTool reads them, by track. */
  async function referencesIn(path: string): Promise<string> {
    return (
      (await run('exiftool', ['-v3', path])).stdout
        .match(/Tag '(fall|folw|forc)' \(\d+ bytes.*\n.*: .*\[/g)
        ?.join('\n') ?? ''
    );
  }

  it('is kept: which sound stands in for another, which subtitles follow it, and which are the forced ones', async () => {
    const made = await milledFile(source, settings);
    const found = await referencesIn(made.path('preserve.mp4'));
    for (const [type, number] of [
      ['fall', 3],
      ['folw', 2],
      ['forc', 5],
    ] as const)
      expect(found).toMatch(new RegExp(`'${type}'.*\\n.*: 00 00 00 0${number} +\\[`));
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        'track 1 | reference fall | kept | it stands with its track',
        'track 3 | reference folw | kept | it stands with its track',
        'track 3 | reference forc | kept | it stands with its track',
        expect.stringMatching(/^track 4 \| reference forc \| dropped \| it leads to a track/),
      ]),
    );
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name',
      '-of',
      'csv=p=0',
      made.path('preserve.mp4'),
    ]);
    expect(stdout.match(/\w+/g)).toEqual(['hevc', 'aac', 'ac3', 'mov_text', 'mov_text']);
  });

  it('is named in Matroska', async () => {
    const made = await milledFile(source, { ...settings, container: 'mkv' });
    expect(linesOf(made)).toContainEqual(expect.stringMatching(/reference fall \| dropped \| Matroska has no place/));
  });

  it('is told where an edit list lets a picture stand, or plays it faster', async () => {
    for (const [rate, words] of [
      [0, 'as one moment that stands'],
      [0x2_0000, 'at 2 times its speed'],
    ] as const) {
      const edit = (moov: Buffer) => {
        const [movie] = boxesOf(moov, 0, moov.length);
        if (!movie) throw new Error('no movie box');
        return withBox(moov, movie, ['trak', 'edts', 'elst'], ({ start, end }) =>
          Buffer.concat([moov.subarray(start, end - 4), u32(rate)]),
        );
      };
      const film = await markedMovie(plain, join(await folderOf, `rate-${rate}.mp4`), { edit });
      const made = await milledFile(film, settings);
      expect(linesOf(made)).toContainEqual(
        expect.stringMatching(new RegExp(`track 0 . edit list . dropped .*${words}`)),
      );
      const told = `the edit list of track 0: it plays a part ${words}`;
      expect(made.manifest.warnings.join()).toContain(told);
      for (const recipe of [smallLadder, 'vj'])
        expect((await milledFile(film, {}, recipe)).manifest.warnings.join()).toContain(told);
    }
  });

  it('is told where an edit list shows nothing between two parts, since ffmpeg shows something there', async () => {
    const edit = (moov: Buffer) => {
      const [movie] = boxesOf(moov, 0, moov.length);
      if (!movie) throw new Error('no movie box');
      const entries = [
        { lasts: 200, from: 0, rate: 0x1_0000 },
        { lasts: 100, from: -1, rate: 0x1_0000 },
        { lasts: 200, from: 0, rate: 0x1_0000 },
      ];
      return withBox(moov, movie, ['trak', 'edts', 'elst'], () => editListBox(entries));
    };
    const film = await markedMovie(plain, join(await folderOf, 'gap.mp4'), { edit });
    for (const recipe of ['preserve', smallLadder]) {
      const { manifest } = await milledFile(film, recipe === 'preserve' ? settings : {}, recipe);
      expect(manifest.warnings.join()).toContain('the edit list of track 0: it shows nothing for a while between two');
    }
  });

  it('is told of a gamma and of the light of a room beside the picture, and of parts of packets', async () => {
    const edit = (moov: Buffer) => {
      const entries = boxesOf(moov, 0, moov.length);
      const [movie] = entries;
      if (!movie) throw new Error('no movie box');
      const described = withBox(moov, movie, ['trak', 'mdia', 'minf', 'stbl', 'stsd'], ({ body, end }) => {
        const entry = moov.subarray(body + 8, end);
        const more = Buffer.concat([box('gama', u32(0x2_3333)), box('amve', u32(3140), Buffer.alloc(4))]);
        return box('stsd', moov.subarray(body, body + 8), box('avc1', entry.subarray(8), more));
      });
      const [again] = boxesOf(described, 0, described.length);
      if (!again) throw new Error('no movie box');
      return withBox(described, again, ['trak', 'mdia', 'minf', 'stbl'], ({ body, end }) =>
        box('stbl', described.subarray(body, end), box('subs', u32(0), u32(0))),
      );
    };
    const film = await markedMovie(plain, join(await folderOf, 'entry.mp4'), { edit });
    const lines = linesOf(await milledFile(film, settings));
    for (const name of ['gama', 'amve', 'subs'])
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`track 0 . ${name} . dropped . it `)));
  });
});
