import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { avchdUnit } from '../fixtures/avchd.ts';
import { beforeEachPicture } from '../fixtures/captions.ts';
import { box, u32 } from '../fixtures/craft.ts';
import { cameraUdta, describedFile, itunesList, profileBox, xmpBox } from '../fixtures/described.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { foundByExiftool, untaggedClip } from '../support/untagged-clip.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const fates = ({ renditions: [rendition] }: Manifest) =>
  Object.fromEntries((rendition?.metadata ?? []).map(({ name, fate }) => [name, fate]));

describe('what a film says of itself', () => {
  let folder: string;
  let clip: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    clip = await untaggedClip(folder);
  });
  const made = async (name: string, args: readonly string[]) => {
    await run('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', ...args, join(folder, name)]);
    return join(folder, name);
  };

  it("keeps iTunes' tags where tag editors look, but for the program that encoded the source", async () => {
    const source = await describedFile(clip, join(folder, 'itunes.mp4'), { movie: [box('udta', itunesList())] });
    const { path, manifest } = await milledFile(source, settings);
    expect(await foundByExiftool(path('preserve.mp4'))).toMatchObject({
      'ItemList:Title': 'The Title',
      'ItemList:Artist': 'An Artist',
      'ItemList:TVShow': 'A Show',
      'ItemList:TVSeason': 2,
      'iTunes:CATALOGUE': 'box 7',
    });
    expect(await foundByExiftool(path('preserve.mp4'))).not.toHaveProperty('ItemList:Encoder');
    expect(fates(manifest)).toMatchObject({ CATALOGUE: 'kept', '\u00a9nam': 'kept', '\u00a9too': 'dropped' });
    expect(manifest.renditions[0]?.checks).toContainEqual({
      name: 'metadata as planned',
      passed: true,
      detail: 'byte for byte',
    });
  });

  it("keeps a phone's keys, and invents none", async () => {
    const keys = {
      'com.apple.quicktime.location.ISO6709': '+48.8584+002.2945/',
      'com.apple.quicktime.make': 'Apple',
      'com.android.version': '12',
    };
    const args = Object.entries(keys).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]);
    const created = ['-metadata', 'creation_time=2020-01-02T03:04:05Z'];
    const source = await made('phone.mp4', [
      ...args,
      ...created,
      '-movflags',
      'use_metadata_tags',
      '-fflags',
      '+bitexact',
    ]);
    const { path } = await milledFile(source, settings);
    const [before, after] = [await foundByExiftool(source), await foundByExiftool(path('preserve.mp4'))];
    const keysOf = (of: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(of).filter(([name]) => name.startsWith('Keys:')));
    // ffmpeg made keys of the brands of the file from which it copied
    const brands = { 'Keys:MajorBrand': 'isom', 'Keys:MinorVersion': 512, 'Keys:CompatibleBrands': expect.any(String) };
    expect(keysOf(before)).toEqual({ ...keysOf(after), ...brands });
    expect(Object.keys(keysOf(after))).not.toContain('Keys:MajorBrand');
    expect(after).toMatchObject({ 'Keys:Make': 'Apple', 'Keys:AndroidVersion': 12 });
    expect(after['QuickTime:CreateDate']).toBe(before['QuickTime:CreateDate']);
  });

  it("keeps a camera's marks of moments as they are, and makes no chapters of them", async () => {
    const marks = box('udta', box('HMMT', u32(2), u32(300), u32(700)));
    const source = await describedFile(clip, join(folder, 'moments.mp4'), { movie: [marks] });
    const { path, manifest } = await milledFile(source, settings);
    expect(fates(manifest)).toMatchObject({ HMMT: 'kept' });
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path('preserve.mp4')]);
    expect(
      JSON.parse(stdout).chapters.map(({ end_time: end }: { end_time: string }) => Number(end).toFixed(2)),
    ).toEqual(['0.70', '1.00']); // ffprobe takes the marks for chapters, as in the source
    const { stdout: told } = await run('mediainfo', [path('preserve.mp4')]);
    expect(told).not.toContain('Menu');
  });

  // in Matroska all is later by the delay of the sound's encoder
  it.each([
    { container: 'mp4', second: '00:00:00.200' },
    { container: 'mkv', second: '00:00:00.223' },
  ])(
    "keeps Nero's chapters beside a GoPro's marks, of which ffmpeg takes one for the other ($container)",
    async ({ container, second }) => {
      const chapters = [Buffer.alloc(8), Buffer.from('\x03One'), u32(0), u32(2_000_000), Buffer.from('\x03Two')];
      const nero = box('chpl', u32(0x01_00_00_00), u32(0), Buffer.from([2]), ...chapters);
      const source = join(folder, `nero-${container}.mp4`);
      await describedFile(clip, source, { movie: [box('udta', nero, box('HMMT', u32(1), u32(100)))] });
      const { path } = await milledFile(source, { ...settings, container });
      const { stdout } = await run('mediainfo', [path(`preserve.${container}`)]);
      expect(stdout).toMatch(new RegExp(`00:00:00.000 .*One\\n${second} .*Two`));
    },
  );

  it("keeps a camera's boxes and XMP byte for byte, and names what holds for the source's streams alone", async () => {
    const source = await describedFile(clip, join(folder, 'camera.mp4'), {
      movie: [cameraUdta()],
      file: [xmpBox(), profileBox()],
    });
    for (const recipe of ['preserve', 'mezzanine']) {
      const of = recipe === 'preserve' ? settings : {};
      const { path, manifest } = await milledFile(source, of, recipe);
      expect(await foundByExiftool(path(manifest.renditions[0]?.path ?? ''))).toMatchObject({
        'UserData:FirmwareVersion': 'HD7.01.01.61.00',
        'UserData:LensSerialNumber': 'LAJ7051324500345',
        'XMP-dc:Format': 'video/mp4',
        'UserData:SpeedX': '+0.00',
        'UserData:GPSCoordinates': '48.8584 2.2945',
      });
      expect(fates(manifest)).toMatchObject({
        ...{ FIRM: 'kept', GPMF: 'kept', XMP: 'kept' },
        'uuid 50524f4621d24fcebb88695cfac9c740': 'dropped',
      });
    }
    const { manifest } = await milledFile(source, { ...settings, container: 'mkv' });
    expect(fates(manifest)).toMatchObject({ GPMF: 'dropped', XMP: 'dropped' });
    expect(manifest.warnings).toContainEqual(
      'Matroska has no place for GPMF, XMP of the source; container=mp4 keeps them',
    );
  });

  it("writes Matroska's tags as keys, as iTunes' tags and as a place, beside a cover", async () => {
    const cover = join(folder, 'cover.jpg');
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=red:size=32x32', '-frames:v', '1', cover]);
    const tags = ['artist=Somebody', 'location=+48.8584+002.2945/', 'shelf=\u00dcn\u00efcode', 'season_number=3'];
    const source = await made('tagged.mkv', [
      ...tags.flatMap((tag) => ['-metadata', tag]),
      ...['-attach', cover, '-metadata:s:t', 'mimetype=image/jpeg', '-metadata:s:t', 'filename=cover.jpg'],
    ]);
    const { path, manifest } = await milledFile(source, settings);
    expect(await foundByExiftool(path('preserve.mp4'))).toMatchObject({
      'ItemList:Artist': 'Somebody',
      'Keys:Artist': 'Somebody',
      'Keys:SHELF': '\u00dcn\u00efcode',
      'ItemList:TVSeason': 3,
      'UserData:GPSCoordinates': '48.8584 2.2945',
      'ItemList:CoverArt': expect.stringContaining('230 bytes'),
    });
    expect(fates(manifest)).toMatchObject({ artist: 'converted', SHELF: 'converted', encoder: 'dropped' });
  });

  it('takes into Matroska the tags of an MP4, without the counts of streams that were encoded again', async () => {
    const source = await made('counted.mkv', ['-metadata', 'artist=Somebody', '-metadata:s:v:0', 'BPS-eng=123456']);
    const { path } = await milledFile(source, { ...settings, container: 'mkv' });
    const args = ['-v', 'error', '-show_entries', 'format_tags:stream_tags', '-of', 'json', path('preserve.mkv')];
    const { format, streams } = JSON.parse((await run('ffprobe', args)).stdout);
    expect(format.tags).toMatchObject({ ARTIST: 'Somebody' });
    expect(Object.keys(streams[0].tags)).not.toContain('BPS-eng');
  });

  it('keeps when and with what camera an AVCHD film was recorded, which only its pictures tell', async () => {
    const h264 = await made('plain.h264', ['-bsf:v', 'h264_mp4toannexb', '-an', '-f', 'h264']);
    const shot = join(folder, 'shot.h264');
    await writeFile(
      shot,
      beforeEachPicture(await readFile(h264), () => avchdUnit(0x02, '20100504190208', [[0xe0, 0x01, 0x03, 0, 0]])),
    );
    const source = join(folder, '00001.mts');
    const muxer = ['-c', 'copy', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'];
    await run('ffmpeg', ['-v', 'error', '-r', '25', '-i', shot, ...muxer, source]);
    expect(await foundByExiftool(source)).toMatchObject({
      'H264:DateTimeOriginal': '2010:05:04 19:02:08+01:00',
      'H264:Make': 259,
    });
    const { path } = await milledFile(source, settings);
    expect(await foundByExiftool(path('preserve.mp4'))).toMatchObject({
      'QuickTime:CreateDate': '2010:05:04 18:02:08',
      'Keys:CreationDate': '2010:05:04 19:02:08+01:00',
      'Keys:Make': 'Panasonic',
    });
    const inMatroska = await milledFile(source, { ...settings, container: 'mkv' });
    const { stdout } = await run('mediainfo', [inMatroska.path('preserve.mkv')]);
    expect(stdout).toMatch(/: Panasonic$/m);
  });

  it('names boxes that would point into the source, and those that are larger than any real one', async () => {
    const items = box('meta', u32(0), box('iloc', Buffer.alloc(16)));
    const huge = box('uuid', Buffer.alloc(9 * 2 ** 20, 1));
    const source = await describedFile(clip, join(folder, 'odd.mp4'), {
      movie: [items, huge],
      file: [box('ABCD', u32(9))],
    });
    const { manifest } = await milledFile(source, settings);
    expect(manifest.renditions[0]?.metadata).toEqual([
      { place: 'movie', name: 'meta', fate: 'dropped', why: expect.stringContaining('points at bytes') },
      { place: 'movie', name: 'uuid', fate: 'dropped', why: 'it is larger than any real one' },
      { place: 'file', name: 'ABCD', fate: 'dropped', why: expect.stringContaining('nobody can tell') },
    ]);
  });
});
