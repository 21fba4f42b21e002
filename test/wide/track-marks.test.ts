import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { box, text, u32 } from '../fixtures/craft.ts';
import { itunesList } from '../fixtures/described.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { keysOf, markedMovie } from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings: RawSettings = { ...QUICK, evenIfLarger: 'true' };

/** Lines of the manifest about metadata as one text each. */
const exiftool = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await run('exiftool', ['-j', '-a', '-G1', '-s', '-n', path])).stdout)[0];
const identified = async (path: string) => JSON.parse((await run('mkvmerge', ['-J', path])).stdout);

/** 2020-01-02 and 2021-01-02 as MP4 counts them. */
const [SHOT, ADDED] = [3_660_768_000, 3_692_390_400];

/** Writes a header's time of creation, whose version is 0. */
function dated(header: Buffer, seconds: number): Buffer {
  header.writeUInt32BE(seconds, 4);
  return header;
}

/** A movie whose sound is half as loud, to the right, in a group with the next one, and was added a year later. */
function withSoundMarks(moov: Buffer): Buffer {
  const shot = replaceBox(moov, ['moov', 'mvhd'], (mvhd) => dated(mvhd, SHOT));
  let track = 0;
  return replaceBox(shot, ['moov', 'trak'], (trak) => {
    const isSound = track++ > 0;
    const date = (header: Buffer) => dated(header, isSound ? ADDED : SHOT);
    const marked = replaceBox(trak, ['tkhd'], (tkhd) => {
      if (isSound) tkhd.writeUInt32BE((7 << 16) | 128, 34);
      return date(tkhd);
    });
    const balanced = replaceBox(marked, ['mdia', 'minf', 'smhd'], (smhd) => {
      smhd.writeInt16BE(64, 4);
      return smhd;
    });
    return replaceBox(balanced, ['mdia', 'mdhd'], date);
  });
}

describe('the marks of tracks and of a file', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    const codecs = ['-map', '0', '-map', '1', '-map', '1', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];
    await ffmpeg(...picture, ...codecs, '-map_metadata', '-1', '-fflags', '+bitexact', at('plain.mp4'));
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=32x32', '-frames:v', '1', at('cover.jpg'));
    const cover = box(
      'covr',
      box('data', u32(13), u32(0), await readFile(at('cover.jpg'))),
      box('name', u32(0), text('The front')),
    );
    await markedMovie(at('plain.mp4'), at('marked.mp4'), {
      movie: [box('udta', itunesList([cover])), keysOf({ 'com.apple.quicktime.software': 'Lavf59.27.100' })],
      edit: withSoundMarks,
    });
  });

  it('are kept in MP4: loudness, balance, groups and dates, and nothing of the program that wrote the source', async () => {
    const made = await milledFile(at('marked.mp4'), settings);
    const said = await exiftool(made.path('preserve.mp4'));
    expect(said).toMatchObject({ 'Track2:TrackVolume': 0.5, 'Track2:Balance': 0.25 });
    expect(said['Track2:TrackCreateDate']).toBe('2021:01:02 00:00:00');
    expect([said['Track1:MediaCreateDate'], said['Track2:MediaCreateDate']]).toEqual([
      '2020:01:02 00:00:00',
      '2021:01:02 00:00:00',
    ]);
    const groups: number[] = [];
    replaceBox(await readFile(made.path('preserve.mp4')), ['moov', 'trak', 'tkhd'], (tkhd) => {
      groups.push(tkhd.readUInt16BE(34));
      return tkhd;
    });
    expect(groups).toEqual([0, 7, 7]);
    expect(JSON.stringify(said)).not.toContain('Lavf');
    const kept = 'kept | it stands in the header of its track';
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        ...['volume', 'balance', 'alternate group', 'creation_time'].map((name) => `track 1 | ${name} | ${kept}`),
        'movie | com.apple.quicktime.software | dropped | it names the program that wrote or encoded the source',
      ]),
    );
  });

  it('are what mkvmerge writes in Matroska, or named', async () => {
    const made = await milledFile(at('marked.mp4'), { ...settings, container: 'mkv' });
    await run('mkvmerge', ['-q', '-o', at('merged.mkv'), at('plain.mp4')]);
    const [after, merged] = [await identified(made.path('preserve.mkv')), await identified(at('merged.mkv'))];
    const marks = ({ tracks }: typeof after) =>
      // mkvmerge takes a sound that is not the default for one that is not to be played at all
      tracks
        .slice(0, 2)
        .map(({ properties: of }: { properties: Record<string, unknown> }) => [
          ...[of.default_track, of.enabled_track, of.audio_bits_per_sample ?? null],
          of.audio_channels ? of.default_duration : null,
        ]);
    expect(marks(after)).toEqual(marks(merged));
    expect(after.attachments).toMatchObject([{ file_name: 'cover.jpg', description: 'The front' }]);
    const { stdout: tags } = await run('mkvextract', [made.path('preserve.mkv'), 'tags']);
    expect(tags).toMatch(/CREATION_TIME<\/Name>\s*<String>2021-01-02T00:00:00Z/);
    const dropped = 'dropped | Matroska has no place for it; container=mp4 keeps it';
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        ...['volume', 'balance'].map((name) => `track 1 | ${name} | ${dropped}`),
        expect.stringMatching(/^track 1 \| alternate group \| dropped \| players of Matroska play one track/),
        'track 1 | creation_time | converted | written as a tag of Matroska',
      ]),
    );
  });

  it('come out of Matroska with their languages, and what says nothing or belongs to nothing is named', async () => {
    const tag = (inside: string, targets = '') => `<Tag><Targets>${targets}</Targets>${inside}</Tag>`;
    const simple = (name: string, value: string, language = 'und') =>
      `<Simple><Name>${name}</Name><String>${value}</String><TagLanguageIETF>${language}</TagLanguageIETF></Simple>`;
    const inFilm = [simple('TITLE', 'The Title'), simple('TITLE', 'Le Titre', 'fr-CA'), simple('COMMENT', '')];
    const lost = tag(simple('LENS', 'of nothing'), '<TrackUID>4711</TrackUID>');
    await writeFile(at('tags.xml'), `<?xml version="1.0"?><Tags>${tag(inFilm.join(''))}${lost}</Tags>`);
    const cover = ['--attachment-name', 'back.jpg', '--attachment-description', 'The back', '--attach-file'];
    await run('mkvmerge', ['-q', '-o', at('told.mkv'), ...cover, at('cover.jpg'), at('plain.mp4')]);
    await run('mkvpropedit', ['-q', at('told.mkv'), '--tags', `all:${at('tags.xml')}`]);
    const made = await milledFile(at('told.mkv'), settings);
    expect(await exiftool(made.path('preserve.mp4'))).toMatchObject({
      ...{ 'ItemList:Title': 'The Title', 'Keys:Title': 'The Title', 'Keys:Title-fra-CA': 'Le Titre' },
    });
    const nothing = 'it belongs to a track, chapter, edition or attachment that the source does not have';
    expect(linesOf(made)).toEqual(
      expect.arrayContaining(['movie | comment | dropped | it is empty', `track | LENS | dropped | ${nothing}`]),
    );
    expect(made.manifest.streams.find(({ codec }) => codec === 'mjpeg')?.why).toContain(
      'MP4 has no place for its name "back.jpg", described as "The back"; container=mkv keeps it',
    );
    const again = await milledFile(at('told.mkv'), { ...settings, container: 'mkv' });
    expect(linesOf(again)).toContainEqual(`movie | LENS | dropped | ${nothing}`);
  });

  it('are kept of an MXF: the ids of its packages, but not the program that wrote it', async () => {
    await ffmpeg('-i', at('plain.mp4'), '-an', '-c:v', 'mpeg2video', at('film.mxf'));
    const made = await milledFile(at('film.mxf'), settings);
    const said = await exiftool(made.path('preserve.mp4'));
    expect(said).toMatchObject({
      'Keys:MaterialPackageUmid': expect.stringMatching(/^0x060A2B34/),
      'Keys:FilePackageUmid': expect.stringMatching(/^0x060A2B34/),
    });
    expect(JSON.stringify(said)).not.toMatch(/OP1a Muxer|Lavf/);
    expect(linesOf(made)).toContainEqual(
      'file | product_name | dropped | it names the program that wrote or encoded the source',
    );
  });

  it('are kept of a transport stream: a second language, and which program has which streams', async () => {
    const streams = [
      '-map',
      '0:v',
      '-map',
      '0:a:0',
      '-map',
      '0:a:1',
      '-c',
      'copy',
      '-metadata:s:a:0',
      'language=deu,fra',
    ];
    const programs = ['-program', 'title=One:program_num=1:st=0:st=1', '-program', 'title=Two:program_num=2:st=2'];
    await ffmpeg('-i', at('plain.mp4'), ...streams, ...programs, at('film.ts'));
    const made = await milledFile(at('film.ts'), { ...settings, container: 'mkv' });
    const { tracks } = await identified(made.path('preserve.mkv'));
    expect(tracks[1].properties.language).toBe('ger');
    expect(tracks[0].properties.default_track).toBe(true);
    const { stdout: tags } = await run('mkvextract', [made.path('preserve.mkv'), 'tags']);
    expect(tags).toMatch(/SECOND_LANGUAGE\/1<\/Name>\s*<String>fra/);
    expect(tags).toMatch(/PROGRAM_STREAMS\/2<\/Name>\s*<String>2</);
  });
});
