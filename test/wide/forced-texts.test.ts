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
