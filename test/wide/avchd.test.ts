import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { avchdUnit } from '../fixtures/avchd.ts';
import { beforeEachPicture } from '../fixtures/captions.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** 48 degrees, 51 minutes and 30 seconds north, 2 degrees, 17 minutes and 40 seconds east, 35.5 m high; 10:30:00, and the picture. */
const TAGS = [
  [0xb1, 0x4e, 0, 0, 0],
  ...[
    [0xb2, 0, 48, 0, 1],
    [0xb3, 0, 51, 0, 1],
    [0xb4, 0, 30, 0, 1],
  ],
  [0xb5, 0x45, 0, 0, 0],
  ...[
    [0xb6, 0, 2, 0, 1],
    [0xb7, 0, 17, 0, 1],
    [0xb8, 0, 40, 0, 1],
  ],
  ...[
    [0xb9, 0, 0, 0, 0],
    [0xba, 1, 99, 0, 10],
  ],
  [0xe0, 0x01, 0x08, 0, 0],
];
const shotAt = (picture: number) =>
  avchdUnit(0x04, '20230506070809', [[0x13, Number.parseInt(`${picture % 25}`, 16), 0, 0x30, 0x10], ...TAGS]);

describe('what only the pictures of AVCHD tell', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const exif = async (path: string) => JSON.parse((await run('exiftool', ['-j', '-G1', '-s', '-n', path])).stdout)[0];
  const timecodeOf = async (path: string) => {
    const entries = ['-show_entries', 'stream_tags=timecode:format_tags=timecode', '-of', 'json'];
    return (await run('ffprobe', ['-v', 'error', ...entries, path])).stdout;
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', ...picture, '-pix_fmt', 'yuv420p', at('plain.h264')]);
    await writeFile(at('shot.h264'), beforeEachPicture(await readFile(at('plain.h264')), shotAt));
    const copies = [[at('shot.mts'), '-f', 'mpegts', '-mpegts_m2ts_mode', '1'], [at('shot.mp4')], [at('shot.mkv')]];
    for (const [to = '', ...muxer] of copies)
      await run('ffmpeg', ['-v', 'error', '-r', '25', '-i', at('shot.h264'), '-c', 'copy', ...muxer, to]);
    // a muxer of Matroska writes the day of its work as the date
    await run('mkvpropedit', [at('shot.mkv'), '--set', 'date=2026-11-30T12:00:00Z']);
  });

  it.each(['shot.mts', 'shot.mp4', 'shot.mkv', 'shot.h264'])('is that of the film in MP4: %s', async (name) => {
    const { path } = await milledFile(at(name), settings);
    expect(await exif(path('preserve.mp4'))).toMatchObject({
      'QuickTime:CreateDate': '2023:05:06 05:08:09',
      'Keys:CreationDate': '2023:05:06 07:08:09+02:00',
      'Keys:Make': 'Sony',
      'UserData:GPSCoordinates': '48.858333 2.294444 35.5',
    });
    expect(await timecodeOf(path('preserve.mp4'))).toContain('"timecode": "10:30:00:00"');
  });

  it.each(['shot.mts', 'shot.mp4', 'shot.mkv', 'shot.h264'])('is that of the film in Matroska: %s', async (name) => {
    const { path, manifest } = await milledFile(at(name), { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvextract', [path('preserve.mkv'), 'tags']);
    for (const said of ['+48.858333+002.294444+35.500/', '10:30:00:00', 'Sony', '2023-05-06T07:08:09+02:00'])
      expect(stdout).toContain(said);
    const info = JSON.parse((await run('mkvmerge', ['-J', path('preserve.mkv')])).stdout);
    expect(info.container.properties.date_utc).toBe('2023-05-06T05:08:09Z');
    const lines = manifest.renditions[0]?.metadata ?? [];
    expect(lines.filter(({ fate }) => fate === 'converted').map(({ name: of }) => of)).toEqual(
      expect.arrayContaining([expect.stringMatching(/location/i), 'timecode']),
    );
  });

  it('does not take the place of what the container says', async () => {
    const said = ['-metadata', 'location=-33.8568+151.2153/', '-metadata', 'creation_time=2024-01-02T03:04:05Z'];
    await run('ffmpeg', ['-v', 'error', '-i', at('shot.mp4'), '-c', 'copy', ...said, at('said.mov')]);
    const { path } = await milledFile(at('said.mov'), settings);
    expect(await exif(path('preserve.mp4'))).toMatchObject({
      'QuickTime:CreateDate': '2024:01:02 03:04:05',
      'Keys:CreationDate': '2023:05:06 07:08:09+02:00',
      'UserData:GPSCoordinates': '-33.8568 151.2153',
    });
  });
});
