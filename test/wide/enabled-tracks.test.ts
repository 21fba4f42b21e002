import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { markedMovie } from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings: RawSettings = { ...QUICK, evenIfLarger: 'true' };

/** 2020-01-02 as MP4 counts it, and ten minutes later. */
const [SHOT, EDITED] = [3_660_768_000, 3_660_768_600];

/** The flags of each track of an MP4: 3 is enabled, 2 is disabled. */
async function flagsOf(path: string): Promise<readonly number[]> {
  const flags: number[] = [];
  replaceBox(await readFile(path), ['moov', 'trak', 'tkhd'], (tkhd) => {
    flags.push(tkhd[3] ?? 0);
    return tkhd;
  });
  return flags;
}

/** Whether each track of a Matroska file is what players play, and whether it is to be played at all. */
async function marksOf(path: string): Promise<readonly (readonly [isDefault: boolean, isEnabled: boolean])[]> {
  const { tracks } = JSON.parse((await run('mkvmerge', ['-J', path])).stdout);
  return tracks.map(({ properties: of }: { properties: { default_track: boolean; enabled_track: boolean } }) => [
    of.default_track,
    of.enabled_track,
  ]);
}

describe('tracks that players leave out', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(at('text.srt'), '1\n00:00:00,000 --> 00:00:00,300\nWords\n');
    const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    const maps = ['-i', at('text.srt'), ...['0', '1', '1', '2', '2'].flatMap((input) => ['-map', input])];
    const codecs = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-c:a',
      'aac',
      '-c:s',
      'mov_text',
      '-fflags',
      '+bitexact',
    ];
    await run('ffmpeg', ['-v', 'error', '-y', ...sources, ...maps, ...codecs, at('plain.mp4')]);
  });

  it('stay disabled in MP4, and the date of the last change stays', async () => {
    const flags = [3, 1, 2, 6, 2];
    let track = 0;
    const dated = (header: Buffer) => {
      header.writeUInt32BE(SHOT, 4);
      header.writeUInt32BE(EDITED, 8);
      return header;
    };
    const source = await markedMovie(at('plain.mp4'), at('off.mp4'), {
      edit: (moov) =>
        replaceBox(replaceBox(moov, ['moov', 'mvhd'], dated), ['moov', 'trak', 'tkhd'], (tkhd) => {
          tkhd[3] = flags[track++] ?? 0;
          return dated(tkhd);
        }),
    });
    const made = await milledFile(source, settings);
    expect(await flagsOf(made.path('preserve.mp4'))).toEqual(flags);
    const { stdout } = await run('exiftool', [
      '-j',
      '-ModifyDate',
      '-CreateDate',
      '-TrackModifyDate',
      made.path('preserve.mp4'),
    ]);
    expect(JSON.parse(stdout)[0]).toMatchObject({
      CreateDate: '2020:01:02 00:00:00',
      ModifyDate: '2020:01:02 00:10:00',
      TrackModifyDate: '2020:01:02 00:10:00',
    });
    expect(linesOf(made)).toContain('movie | modification_time | kept | it stands in the header of the film');
    const other = await milledFile(source, { ...settings, container: 'mkv' });
    expect((await marksOf(other.path('preserve.mkv'))).map(([isDefault]) => isDefault)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    const { stdout: tags } = await run('mkvextract', [other.path('preserve.mkv'), 'tags']);
    expect(tags).toMatch(/MODIFICATION_TIME<\/Name>\s*<String>2020-01-02T00:10:00/);
    expect(linesOf(other)).toContain('movie | modification_time | converted | written as a tag of Matroska');
  });

  it('come out of Matroska as disabled: subtitles that are no default, and what Matroska disables', async () => {
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      at('plain.mp4'),
      '-map',
      '0',
      '-c',
      'copy',
      '-c:s',
      'srt',
      at('off.mkv'),
    ]);
    const edits = ['2', '3', '4', '5'].flatMap((track) => [
      ...['--edit', `track:${track}`, '--set', `flag-default=${track === '2' ? 1 : 0}`],
      ...(track === '3' ? ['--set', 'flag-enabled=0', '--set', 'flag-default=1'] : []),
    ]);
    await run('mkvpropedit', ['-q', at('off.mkv'), ...edits]);
    const made = await milledFile(at('off.mkv'), settings);
    expect(await flagsOf(made.path('preserve.mp4'))).toEqual([3, 3, 2, 2, 2]);
    expect(linesOf(made)).toContainEqual(
      expect.stringMatching(/^track 2 \| FlagEnabled \| converted \| its track is disabled/),
    );
    const back = await milledFile(made.path('preserve.mp4'), { ...settings, container: 'mkv' });
    expect((await marksOf(back.path('preserve.mkv'))).map(([isDefault]) => isDefault)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    const same = await milledFile(at('off.mkv'), { ...settings, container: 'mkv' });
    expect(await marksOf(same.path('preserve.mkv'))).toEqual(await marksOf(at('off.mkv')));
  });
});
