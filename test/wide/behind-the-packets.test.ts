import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { childElements, idOf, newElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const BEHIND: ReadonlySet<number> = new Set([MKV.Attachments, MKV.Tags]);
const LISTS: ReadonlySet<number> = new Set([MKV.SeekHead, MKV.Void, MKV.CRC32, MKV.Cues]);

const TAGS = `<?xml version="1.0"?><Tags>
<Tag><Targets/><Simple><Name>CREATION_TIME</Name><String>2019-08-07T06:05:04Z</String></Simple><Simple><Name>DIRECTOR</Name><String>Somebody</String></Simple></Tag>
<Tag><Targets><TrackUID>42</TrackUID></Targets><Simple><Name>TIMECODE</Name><String>01:02:03:04</String></Simple></Tag>
</Tags>`;

describe('what lies behind the packets of a Matroska without a list of positions', () => {
  let folder: string;
  let film: string;
  const at = (name: string) => join(folder, name);
  const identified = async (path: string) => JSON.parse((await run('mkvmerge', ['-J', path])).stdout);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', ...picture, at('plain.mp4')]);
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=red:s=32x32', '-frames:v', '1', at('cover.jpg')]);
    await writeFile(at('letters.ttf'), 'the bytes of a font');
    await writeFile(at('tags.xml'), TAGS);
    const files = [
      '--attachment-mime-type',
      'font/ttf',
      '--attach-file',
      at('letters.ttf'),
      '--attach-file',
      at('cover.jpg'),
    ];
    await run('mkvmerge', [
      '-q',
      '-o',
      at('whole.mkv'),
      '--no-date',
      '--disable-track-statistics-tags',
      ...files,
      at('plain.mp4'),
    ]);
    await run('mkvpropedit', [
      '-q',
      at('whole.mkv'),
      '--edit',
      'track:v1',
      '--set',
      'track-uid=42',
      '--tags',
      `all:${at('tags.xml')}`,
    ]);
    const [head, segment] = childElements(newElement(0xaa, await readFile(at('whole.mkv'))));
    if (!head || !segment) throw new Error('mkvmerge wrote no Matroska');
    const parts = childElements(segment).filter((part) => !LISTS.has(idOf(part)));
    const moved = [
      ...parts.filter((part) => !BEHIND.has(idOf(part))),
      ...parts.filter((part) => BEHIND.has(idOf(part))),
    ];
    film = at('film.mkv');
    await writeFile(film, Buffer.concat([head, newElement(MKV.Segment, ...moved)]));
  });

  it('is not found by ffprobe', async () => {
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=index', '-of', 'csv=p=0', film]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('is kept in Matroska', async () => {
    const made = await milledFile(film, { ...settings, container: 'mkv' });
    const { attachments } = await identified(made.path('preserve.mkv'));
    expect(attachments.map((each: Record<string, unknown>) => [each.file_name, each.content_type, each.size])).toEqual([
      ['letters.ttf', 'font/ttf', 19],
      ['cover.jpg', 'image/jpeg', (await readFile(at('cover.jpg'))).length],
    ]);
    const { stdout } = await run('mkvextract', [made.path('preserve.mkv'), 'tags']);
    expect(stdout).toContain('<String>01:02:03:04</String>');
    expect(stdout).toContain('<String>Somebody</String>');
    expect(made.manifest.streams.map(({ type, fate }) => [type, fate])).toEqual([
      ...[
        ['video', 'converted'],
        ['attachment', 'kept'],
        ['attachment', 'kept'],
      ],
    ]);
  });

  it('is beside an MP4, whose header and time code say what the tags said', async () => {
    const made = await milledFile(film, settings);
    expect(await readFile(made.path('stream-1.ttf'), 'utf8')).toBe('the bytes of a font');
    expect(await readFile(made.path('stream-2.jpg'))).toEqual(await readFile(at('cover.jpg')));
    const { stdout } = await run('exiftool', ['-j', '-G1', '-s', '-api', 'QuickTimeUTC=0', made.path('preserve.mp4')]);
    const said = JSON.parse(stdout)[0];
    expect(said).toMatchObject({ 'QuickTime:CreateDate': '2019:08:07 06:05:04' });
    const codes = ['-v', 'error', '-show_entries', 'stream_tags=timecode', '-of', 'csv=p=0', made.path('preserve.mp4')];
    expect((await run('ffprobe', codes)).stdout).toContain('01:02:03:04');
    expect(linesOf(made).filter((line) => /director/i.test(line))).toHaveLength(1);
  });
});
