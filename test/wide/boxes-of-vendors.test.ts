import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { box, text, u8, u16, u32 } from '../fixtures/craft.ts';
import { markedMovie } from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const ID = '00112233445566778899aabbccddeeff';
const uuid = (says: string) => box('uuid', Buffer.from(ID, 'hex'), text(says));
const XML = '<?xml version="1.0"?><NonRealTimeMeta><Device modelName="ILCE-7M3"/></NonRealTimeMeta>';
const handler = (type: string) => box('hdlr', u32(0), u32(0), text(type), Buffer.alloc(12), u8(0));

/** QuickTime's keys with a cover as their only one. */
const artwork = (jpeg: Buffer) =>
  box(
    'meta',
    handler('mdta'),
    box('keys', u32(0), u32(1), box('mdta', text('com.apple.quicktime.artwork'))),
    box('ilst', box(u32(1).toString('latin1'), box('data', u32(13), u32(0), jpeg))),
  );

const coversIn = async (path: string): Promise<number> => {
  const args = ['-v', 'error', '-show_entries', 'stream_disposition=attached_pic', '-of', 'csv=p=0', path];
  return (await run('ffprobe', args)).stdout.split('\n').filter((line) => line.startsWith('1')).length;
};

describe('what vendors write into a film', () => {
  let source: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', ...args]);
    await ffmpeg('testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast', at('plain.mp4'));
    await ffmpeg('color=red:s=32x32', '-frames:v', '1', at('cover.jpg'));
    source = await markedMovie(at('plain.mp4'), at('film.mp4'), {
      tracks: [[uuid('of a track'), box('udta', uuid('in a track'))]],
      movie: [box('udta', uuid('in the movie')), artwork(await readFile(at('cover.jpg')))],
    });
    const xml = box('meta', u32(0), handler('nrtm'), box('xml ', u32(0), text(`${XML}\0`)));
    const preview = [box('pnot', u32(0), u16(0), text('PICT'), u16(1)), box('PICT', Buffer.alloc(8))];
    await writeFile(source, Buffer.concat([await readFile(source), xml, ...preview]));
  });

  it('is kept in MP4: boxes of a vendor in user data and tracks, XML, and a cover of a key once', async () => {
    const milled = await milledFile(source, settings);
    const { path } = milled;
    const bytes = await readFile(path('preserve.mp4'));
    for (const words of ['of a track', 'in a track', 'in the movie', XML]) expect(bytes.includes(words)).toBe(true);
    expect(await coversIn(path('preserve.mp4'))).toBe(1);
    const tags = JSON.parse((await run('exiftool', ['-j', '-G1', path('preserve.mp4')])).stdout)[0];
    expect(tags).toMatchObject({ 'ItemList:CoverArt': expect.stringContaining('Binary') });
    expect(Object.keys(tags)).not.toContain('Keys:Artwork');
    const lines = linesOf(milled);
    expect(lines.filter((line) => line.includes(`uuid ${ID}`) && line.includes('kept'))).toHaveLength(3);
    expect(lines).toContainEqual(expect.stringMatching(/pnot.*dropped/));
  });

  it('is a tag, an attachment or told in Matroska', async () => {
    const milled = await milledFile(source, { ...settings, container: 'mkv' });
    const { path } = milled;
    const film = JSON.parse((await run('mkvmerge', ['-J', path('preserve.mkv')])).stdout);
    expect(film.attachments).toMatchObject([{ file_name: 'cover.jpg' }]);
    expect((await run('mkvextract', [path('preserve.mkv'), 'tags', '-'])).stdout).toContain('ILCE-7M3');
    const lines = linesOf(milled);
    expect(lines.filter((line) => line.includes(`uuid ${ID}`) && line.includes('dropped'))).toHaveLength(3);
    expect(lines).toContainEqual(expect.stringMatching(/xml.*converted/));
    expect(lines).toContainEqual(expect.stringMatching(/pnot.*dropped/));
  });
});
