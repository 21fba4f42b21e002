import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  blackVue,
  canonSkip,
  colourTable,
  emptySpace,
  eventBox,
  kodakFrea,
  kodakFree,
  novatekIndex,
  oldSpace,
  producerTime,
} from '../fixtures/camera-boxes.ts';
import { box } from '../fixtures/craft.ts';
import { describedFile } from '../fixtures/described.ts';
import { unmarkedMovie } from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const exif = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await run('exiftool', ['-j', '-G1', '-api', 'IgnoreMinorErrors=1', path])).stdout)[0];

describe('what cameras write into the free space of a film', () => {
  let jpeg: Buffer;
  const film = async (name: string, file: readonly Buffer[], movie: readonly Buffer[] = []) =>
    describedFile(await unmarkedMovie(), join(await temporaryFolder(), name), { file, movie });
  beforeAll(async () => {
    const path = join(await temporaryFolder(), 'thumb.jpg');
    await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=red:s=32x32', '-frames:v', '1', path]);
    jpeg = await readFile(path);
  });

  const KINDS: readonly (readonly [string, (bytes: Buffer) => Buffer, Readonly<Record<string, unknown>>])[] = [
    ['BlackVue', blackVue, { 'QuickTime:OriginalFileName': '20150515_142640_NF.mp4', 'QuickTime:StartTime': /2015/ }],
    ['Canon', canonSkip, {}],
    ['Kodak', kodakFree, { 'Kodak:SerialNumber': 'KCGMN123', 'Kodak:FirmwareVersion': '1.02' }],
    ['a PixPro', kodakFrea, { 'Kodak:KodakVersion': '1.0' }],
  ];

  it.each(KINDS)('is kept in MP4 as ExifTool reads it: %s', async (_, bytes, tags) => {
    const own = bytes(jpeg);
    const made = await milledFile(await film('camera.mp4', [own, ...emptySpace()]), settings);
    expect((await readFile(made.path('preserve.mp4'))).includes(own)).toBe(true);
    const read = await exif(made.path('preserve.mp4'));
    for (const [name, value] of Object.entries(tags))
      expect(String(read[name])).toMatch(value instanceof RegExp ? value : new RegExp(String(value)));
    const type = own.toString('latin1', 4, 8);
    expect(linesOf(made).filter((line) => /free|skip|frea/.test(line))).toEqual([
      `file | ${type} | kept | copied as it is`,
    ]);
  });

  it('is named in Matroska, and the rest of free space is not', async () => {
    const source = await film('camera.mp4', [blackVue(jpeg), blackVue(jpeg), canonSkip(jpeg), ...emptySpace()]);
    const made = await milledFile(source, { ...settings, container: 'mkv' });
    expect(linesOf(made).filter((line) => /free|skip/.test(line))).toEqual([
      expect.stringMatching(/^file \| free \| dropped \| Matroska has no place for it/),
      expect.stringMatching(/^file \| skip \| dropped \| Matroska has no place for it/),
    ]);
  });

  it('is told of all else that lies beside and in the movie box', async () => {
    const file = [...oldSpace(), eventBox(), eventBox(), producerTime()];
    const movie = [colourTable(), novatekIndex(), box('udta', ...emptySpace())];
    const made = await milledFile(await film('others.mp4', file, movie), settings);
    const bytes = await readFile(made.path('preserve.mp4'));
    for (const gone of ['GPAC', 'emsg', 'prft', 'ctab']) expect(bytes.includes(gone)).toBe(false);
    const lines = linesOf(made);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^file \| free \| dropped \| it names the program/),
        expect.stringMatching(/^file \| free \| dropped \| it is what an editor left of an older movie box/),
        expect.stringMatching(/^file \| prft \| dropped \| it says at what time of day/),
        expect.stringMatching(/^movie \| ctab \| dropped \| it is a table of colours/),
        expect.stringMatching(/^movie \| gps {2}\| dropped \| it points at bytes of the source/),
      ]),
    );
    expect(lines.filter((line) => line.includes('emsg'))).toEqual([
      expect.stringMatching(/dropped \| it is an event for the players of a stream/),
    ]);
    expect(lines.filter((line) => line.startsWith('movie | free'))).toEqual([]);
  });
});
