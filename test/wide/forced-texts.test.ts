import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { replaceBox } from '../fixtures/edits.ts';
import { milledFile, QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** The display flags of each track of timed text, read by their place in the box (3GPP TS 26.245 5.16). */
async function displayFlags(path: string): Promise<readonly string[]> {
  const flags: string[] = [];
  replaceBox(await readFile(path), ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'], (stsd) => {
    if (stsd.toString('latin1', 12, 16) === 'tx3g') flags.push(stsd.readUInt32BE(24).toString(16));
    return stsd;
  });
  return flags;
}

/** What mediainfo says of each text: whether it is forced. */
async function forcedTexts(path: string): Promise<readonly string[]> {
  const { stdout } = await run('mediainfo', ['--Output=JSON', path]);
  const { track } = JSON.parse(stdout).media;
  return track.flatMap((each: Record<string, string>) => (each['@type'] === 'Text' ? [each.Forced] : []));
}

describe('what a track is marked as', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(at('a.srt'), '1\n00:00:00,100 --> 00:00:00,500\nHello\n');
    const inputs = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=96x64:r=25:d=1',
      '-f',
      'lavfi',
      '-i',
      'sine=d=1',
      '-i',
      at('a.srt'),
    ];
    const marks = ['forced', 'hearing_impaired', 'comment+original', '0'].flatMap((mark, i) => [
      ...['-map', '2', `-disposition:s:${i}`, mark],
    ]);
    await run('ffmpeg', [
      ...['-v', 'error', ...inputs, '-map', '0', '-map', '1', ...marks, '-disposition:a:0', 'comment'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-c:s', 'srt', at('film.mkv')],
    ]);
  });

  it('is in an MP4 as its players read it, in the names of sidecars, and in the manifest', async () => {
    const { path, manifest } = await milledFile(at('film.mkv'), settings);
    expect(await displayFlags(path('preserve.mp4'))).toEqual(['c0000000', '0', '0', '0']);
    expect(await forcedTexts(path('preserve.mp4'))).toEqual(['Yes', 'No', 'No', 'No']);
    expect(manifest.streams.map(({ marks }) => marks)).toEqual([
      ...[undefined, ['comment'], ['forced'], ['hearing impaired'], ['comment', 'original'], undefined],
    ]);
    expect(manifest.sidecars.map(({ path: name, marks }) => [name, marks])).toEqual([
      ['stream-2.forced.srt', ['forced']],
      ['stream-3.sdh.srt', ['hearing impaired']],
      ['stream-4.commentary.original.srt', ['comment', 'original']],
      ['stream-5.srt', undefined],
    ]);
    expect(await readFile(path('report.html'), 'utf8')).toContain('hearing impaired');
    const again = await milledFile(path('preserve.mp4'), settings);
    expect(await displayFlags(again.path('preserve.mp4'))).toEqual(['c0000000', '0', '0', '0']);
  });

  it('is in a MOV for editing as QuickTime has it, and comes out of it', async () => {
    const { path, manifest } = await milledFile(at('film.mkv'), {}, 'mezzanine');
    const mov = path(manifest.renditions[0]?.path ?? '');
    expect(await displayFlags(mov)).toEqual(['c0000000', '0', '0', '0']);
    expect(await forcedTexts(mov)).toEqual(['Yes', 'No', 'No', 'No']);
    const words: string[] = [];
    replaceBox(await readFile(mov), ['moov', 'trak', 'udta', 'tagc'], (word) => {
      words.push(word.toString('latin1'));
      return word;
    });
    expect(words).toEqual([
      'public.auxiliary-content',
      'public.accessibility.transcribes-spoken-dialog',
      'public.accessibility.describes-music-and-sound',
      'public.auxiliary-content',
      'public.original-content',
    ]);
    expect(manifest.renditions[0]?.metadata?.filter(({ why }) => why === 'MOV has no mark for it')).toEqual([]);
    const marks = [undefined, ['comment'], ['forced'], ['hearing impaired'], ['comment', 'original'], undefined];
    const back = await milledFile(mov, { ...settings, container: 'mkv' });
    expect(back.manifest.streams.map((each) => each.marks)).toEqual(marks);
    const { tracks } = JSON.parse((await run('mkvmerge', ['-J', back.path('preserve.mkv')])).stdout);
    expect(tracks.map(({ properties: of }: { properties: Record<string, unknown> }) => of)).toMatchObject([
      {},
      { flag_commentary: true },
      { forced_track: true },
      { flag_hearing_impaired: true },
      { flag_commentary: true, flag_original: true },
      {},
    ]);
  });

  it('comes from an MP4 whose texts alone say that they are forced', async () => {
    await run('ffmpeg', [
      '-v',
      'error',
      '-i',
      at('film.mkv'),
      ...['-map', '0:v', '-map', '0:5', '-c:v', 'copy', '-c:s', 'mov_text'],
      at('plain.mp4'),
    ]);
    const flagged = replaceBox(
      await readFile(at('plain.mp4')),
      ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'],
      (stsd) => {
        if (stsd.toString('latin1', 12, 16) === 'tx3g') stsd.writeUInt32BE(0xc0000000, 24);
        return stsd;
      },
    );
    await writeFile(at('flagged.mp4'), flagged);
    const { path } = await milledFile(at('flagged.mp4'), { ...settings, container: 'mkv' });
    const { tracks } = JSON.parse((await run('mkvmerge', ['-J', path('preserve.mkv')])).stdout);
    expect(tracks[1].properties).toMatchObject({ forced_track: true });
  });

  it('is taken from the name of a subtitle beside the film', async () => {
    const mill = await testMill();
    const film = await mill.own(at('film.mkv'), 'film.mkv');
    await writeFile(film.replace('film.mkv', 'film.eng.forced.srt'), await readFile(at('a.srt')));
    const made = await mill.run(film, 'preserve', settings);
    expect(await displayFlags(made.path('preserve.mp4'))).toEqual(['c0000000', '0', '0', '0', 'c0000000']);
    const { sidecars } = await made.manifest();
    expect(sidecars.at(-1)).toMatchObject({ path: 'preserve.eng.forced.srt', marks: ['forced'] });
  });
});
