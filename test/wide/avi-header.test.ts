import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { chunk } from '../fixtures/craft.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** Entries of INFO that ffprobe has no names for, and one for which it has. */
const INFO = { ISTR: 'A star', IENG: 'An engineer', IMED: 'Film', ISRF: 'Slide', ICRD: '1999-12-31', ISFT: 'A camera' };

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="video/avi"/></rdf:RDF></x:xmpmeta> `;

describe("an AVI's header", () => {
  let film: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    film = join(folder, 'camera.avi');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'mjpeg', '-fflags', '+bitexact'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, film]);
    const bytes = await readFile(film);
    const said = [
      chunk('IDIT', Buffer.from('Mon Jan 02 03:04:05 2006\n\0')),
      chunk('ISMP', Buffer.from('05:06:07:08\0')),
    ];
    const texts = Object.entries(INFO).map(([id, value]) => chunk(id, Buffer.from(`${value}\0`)));
    const info = chunk('LIST', Buffer.from('INFO'), ...texts);
    const xmp = chunk('_PMX', Buffer.from(XMP));
    const nikon = chunk('LIST', Buffer.from('ncdt'), chunk('nctg', Buffer.from('a Nikon')));
    await writeFile(film, withAtEnd(withInHeader(bytes, Buffer.concat(said)), Buffer.concat([info, xmp, nikon])));
  });

  it('gives an MP4 its time of recording, its time code and its tags, as ExifTool and MediaInfo read them', async () => {
    const { path, manifest } = await milledFile(film, settings);
    const { stdout } = await run('exiftool', ['-j', '-api', 'QuickTimeUTC=0', path('preserve.mp4')]);
    expect(JSON.parse(stdout)[0]).toMatchObject({ CreateDate: '2006:01:02 03:04:05' });
    const media = await run('mediainfo', ['--Output=JSON', path('preserve.mp4')]);
    const tracks: readonly Record<string, string>[] = JSON.parse(media.stdout).media.track;
    expect(tracks.map(({ TimeCode_FirstFrame }) => TimeCode_FirstFrame)).toContain('05:06:07:08');
    const { stdout: tags } = await run('ffprobe', ['-v', 'error', '-show_format', '-of', 'json', path('preserve.mp4')]);
    const found = Object.values(JSON.parse(tags).format.tags);
    for (const value of Object.values(INFO)) expect(found).toContain(value);
    expect(manifest.renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ name: 'timecode', fate: 'converted' }),
    );
  });

  it.each(['mp4', 'mkv'])(
    "has its XMP kept where there is a place, and a Nikon's data named (%s)",
    async (container) => {
      const made = await milledFile(film, { ...settings, container });
      const { stdout } = await run('exiftool', ['-j', '-XMP:Format', made.path(`preserve.${container}`)]);
      expect(JSON.parse(stdout)[0].Format).toBe(container === 'mp4' ? 'video/avi' : undefined);
      expect(linesOf(made)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(
            container === 'mp4' ? /file \| XMP \| kept/ : /file \| XMP \| dropped \| Matroska has no place/,
          ),
          expect.stringMatching(/file \| ncdt \| dropped \| it is a Nikon's own data/),
        ]),
      );
    },
  );

  it('gives a Matroska the same', async () => {
    const { path } = await milledFile(film, { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvinfo', [path('preserve.mkv')]);
    expect(stdout).toContain('Date: 2006-01-02 03:04:05');
    const { stdout: tags } = await run('ffprobe', [
      '-v',
      'error',
      '-show_format',
      '-show_streams',
      '-of',
      'json',
      path('preserve.mkv'),
    ]);
    for (const value of [...Object.values(INFO), '05:06:07:08']) expect(tags).toContain(value);
  });
});

/** Adds chunks at the end of the header's list. */
function withInHeader(bytes: Buffer, added: Buffer): Buffer {
  const hdrl = bytes.indexOf('hdrl') - 8;
  const end = hdrl + 8 + bytes.readUInt32LE(hdrl + 4);
  const edited = Buffer.concat([bytes.subarray(0, end), added, bytes.subarray(end)]);
  edited.writeUInt32LE(bytes.readUInt32LE(hdrl + 4) + added.length, hdrl + 4);
  edited.writeUInt32LE(bytes.readUInt32LE(4) + added.length, 4);
  return edited;
}

/** Adds a chunk behind the pictures and their index. */
function withAtEnd(bytes: Buffer, added: Buffer): Buffer {
  const edited = Buffer.concat([bytes, added]);
  edited.writeUInt32LE(bytes.readUInt32LE(4) + added.length, 4);
  return edited;
}
