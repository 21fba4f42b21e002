import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { behindHeader, casioJunk, exifList, exifOfStream, olympusJunk, withInList } from '../fixtures/avi-chunks.ts';
import { chunk, text } from '../fixtures/craft.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const DATE = '2006:01:02 03:04:05';

const exif = async (path: string, ...asked: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await run('exiftool', ['-j', '-api', 'QuickTimeUTC=0', ...asked, path])).stdout)[0];

const list = (form: string, ...parts: readonly Buffer[]) => chunk('LIST', text(form), ...parts);

describe('what cameras write into an AVI', () => {
  let plain: Buffer;
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'mjpeg', '-fflags', '+bitexact'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, join(folder, 'plain.avi')]);
    plain = await readFile(join(folder, 'plain.avi'));
  });
  const film = async (name: string, bytes: Buffer) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };

  it.each([
    {
      camera: 'Olympus, in JUNK',
      said: { Make: 'OLYMPUS', Model: 'FE-300' },
      made: () => behindHeader(plain, olympusJunk('OLYMPUS', 'FE-300', DATE)),
      name: 'JUNK',
    },
    {
      camera: 'Casio, as Exif in JUNK',
      said: { Make: 'CASIO COMPUTER CO.,LTD', Model: 'EX-S600' },
      made: () => behindHeader(plain, casioJunk('CASIO COMPUTER CO.,LTD', 'EX-S600', DATE)),
      name: 'JUNK',
    },
    {
      camera: 'Fujifilm, as the data of a stream',
      said: { Make: 'FUJIFILM', Model: 'FinePix Z' },
      made: () => withInList(plain, 'strl', exifOfStream('FUJIFILM', 'FinePix Z', DATE)),
      name: 'strd',
    },
  ])('gives an MP4 its maker, its model and its date, and the rest is named: $camera', async ({ said, made, name }) => {
    const source = await film('camera.avi', made());
    const milled = await milledFile(source, settings);
    expect(await exif(milled.path('preserve.mp4'), '-Make', '-Model', '-CreateDate')).toMatchObject({
      ...said,
      CreateDate: DATE,
    });
    const lines = linesOf(milled).filter((line) => line.startsWith(`file | ${name} |`));
    expect(lines).toEqual([expect.stringMatching(/dropped \| it is what a camera says/)]);
  });

  it('gives both containers what the list of Exif says, and names what no other container has a place for', async () => {
    const more = [exifList('Maker', 'Model 1', 'a comment'), list('hydt', chunk('hymn', text('a Pentax')))];
    const others = [
      chunk('id3 ', text('ID3\x03\0\0\0\0\0\0')),
      chunk('SLLT', text('a track')),
      chunk('JUNK', Buffer.alloc(200)),
      chunk('JUNK', text('[= MPlayer junk data! =]')),
      chunk('JUNK', text('who knows')),
    ];
    const source = await film(
      'exif.avi',
      withInList(behindHeader(plain, Buffer.concat([...more, ...others])), 'hdrl', chunk('cam ', text('x'))),
    );
    for (const container of ['mp4', 'mkv']) {
      const milled = await milledFile(source, { ...settings, container });
      const { stdout } = await run('ffprobe', ['-v', 'error', '-show_format', milled.path(`preserve.${container}`)]);
      for (const value of ['Maker', 'Model 1', 'a comment']) expect(stdout).toContain(`=${value}\n`);
      const lines = linesOf(milled).filter((line) => / dropped \| .*(AVI|program)/.test(line));
      expect(lines.map((line) => line.split(' | ')[1]).toSorted()).toEqual(
        ['JUNK', 'JUNK', 'SLLT', 'cam', 'emnt', 'hydt', 'id3'].toSorted(),
      );
    }
  });
});
