import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { behindHeader } from '../fixtures/avi-chunks.ts';
import { chunk } from '../fixtures/craft.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const SAID = { title: 'Übung', artist: 'Somebody', date: '2004', comment: 'by hand', shelf: 'upper' };

describe('an ID3 in an AVI', () => {
  let folder: string;
  let plain: Buffer;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'mjpeg', '-fflags', '+bitexact'];
    await ffmpeg(...picture, at('plain.avi'));
    plain = await readFile(at('plain.avi'));
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=32x32', '-frames:v', '1', at('cover.jpg'));
  });

  /** The tags that ffmpeg writes before the sound of an MP3. */
  async function id3(version: number, cover: readonly string[] = []): Promise<Buffer> {
    const tags = Object.entries(SAID).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
    const sound = ['-f', 'lavfi', '-i', 'sine=d=0.1', ...cover, '-c:v', 'copy', '-map', '0'];
    await ffmpeg(
      ...sound,
      ...(cover.length > 0 ? ['-map', '1'] : []),
      ...tags,
      '-id3v2_version',
      `${version}`,
      at('tags.mp3'),
    );
    const bytes = await readFile(at('tags.mp3'));
    const size = bytes.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0);
    return bytes.subarray(0, 10 + size);
  }

  async function made(name: string, tags: Buffer) {
    await writeFile(at(name), behindHeader(plain, chunk('id3 ', tags)));
    return milledFile(at(name), settings);
  }

  it.each([3, 4])('gives a film its tags, as exiftool reads them (ID3v2.%i)', async (version) => {
    const film = await made(`tags-${version}.avi`, await id3(version));
    const args = ['-j', '-G1', '-s'];
    const [source] = JSON.parse((await run('exiftool', [...args, at(`tags-${version}.avi`)])).stdout);
    const [said] = JSON.parse((await run('exiftool', [...args, film.path('preserve.mp4')])).stdout);
    expect(source[`ID3v2_${version}:Title`]).toBe(SAID.title);
    expect(said).toMatchObject({
      'Keys:Title': SAID.title,
      'Keys:Artist': SAID.artist,
      'Keys:Comment': SAID.comment,
    });
    expect(said['ItemList:ContentCreateDate']).toBe(Number(SAID.date));
    expect(linesOf(film).filter((line) => /id3|shelf/i.test(line))).toEqual([
      'movie | shelf | converted | written as a tag of MP4',
    ]);
  });

  it('names its picture, which AVI alone has a place for', async () => {
    const cover = ['-i', at('cover.jpg')];
    const film = await made('cover.avi', await id3(3, cover));
    expect(linesOf(film)).toContainEqual(
      expect.stringMatching(/file \| id3 \| dropped \| its texts are tags; for the rest \(APIC\)/),
    );
  });

  it.each([
    ['ends early', Buffer.from('ID3\x04\0\0\0\0\x7f\x7fTIT2\0\0\0\x20\0\0\x03ab')],
    [
      'has an extended head of any length',
      Buffer.from('ID3\x03\0\x40\0\0\0\x10\xff\xff\xff\xffTIT2\0\0\0\x02\0\0', 'latin1'),
    ],
    ['says nothing', Buffer.from('ID3\x03\0\0\0\0\0\0')],
  ])('is named where it %s', async (does, bytes) => {
    expect(linesOf(await made(`${does}.avi`, bytes))).toContainEqual(expect.stringMatching(/file \| id3 \| dropped/));
  });
});
