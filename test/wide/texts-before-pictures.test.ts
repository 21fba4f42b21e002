import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, crf: '18', evenIfLarger: 'true' };

const PICTURE = ['-itsoffset', '1.5', '-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=10:d=2'];
const SOUND = ['-itsoffset', '1.5', '-f', 'lavfi', '-i', 'sine=1000:d=2:r=48000'];
const CODECS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'flac', '-c:s', 'subrip'];

/** When the packets of a stream are shown, in seconds. The empty ones between the texts of an MP4 are left out. */
async function timesOf(path: string, stream: string): Promise<readonly number[]> {
  const { packets } = await ffprobe(path, '-select_streams', stream, '-show_entries', 'packet=pts_time,size');
  const shown: { pts_time: string; size: string }[] = packets;
  return shown.filter(({ size }) => Number(size) > 2).map(({ pts_time }) => Number(pts_time));
}

// ffmpeg counts from the picture of the first film, whose text begins more than a second earlier, and from the text of the last
describe('a film whose texts begin before its picture', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const texts = (first: string) =>
      `1\n${first} --> 00:00:01,000\nOne\n\n2\n00:00:01,200 --> 00:00:01,700\nTwo\n\n3\n00:00:02,000 --> 00:00:02,500\nThree\n`;
    await writeFile(at('far.srt'), texts('00:00:00,300'));
    await writeFile(at('near.srt'), texts('00:00:00,700'));
    const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
    await ffmpeg(...PICTURE, '-i', 'far.srt', ...CODECS, '-copyts', 'film-far.mkv');
    await ffmpeg(...PICTURE, ...SOUND, '-i', 'far.srt', ...CODECS, '-copyts', 'film-sound.mkv');
    await ffmpeg(...PICTURE, '-i', 'near.srt', ...CODECS, '-copyts', 'film-near.mkv');
    await ffmpeg(
      ...PICTURE,
      ...SOUND,
      '-i',
      'far.srt',
      ...CODECS,
      '-c:a',
      'aac',
      '-c:s',
      'mov_text',
      '-copyts',
      'film-far.mov',
    );
  });

  it.each([
    ['film-far.mkv', 'mp4'],
    ['film-far.mkv', 'mkv'],
    ['film-sound.mkv', 'mp4'],
    ['film-sound.mkv', 'mkv'],
    ['film-near.mkv', 'mp4'],
    ['film-far.mov', 'mkv'],
    ['film-far.mov', 'mp4'],
  ])('shows each text at its time: %s as %s', async (name, container) => {
    const textsOf = async (path: string) => {
      const [first = Number.NaN] = await timesOf(path, 'v:0');
      return (await timesOf(path, 's:0')).map((time) => Math.round(1000 * (time - first)));
    };
    const { path } = await milledFile(at(name), { ...settings, container });
    expect(await textsOf(path(`preserve.${container}`))).toEqual(await textsOf(at(name)));
  });

  it.each(['film-far.mkv', 'film-near.mkv', 'film-far.mov'])(
    'streams from its first picture on, with its texts: %s',
    async (name) => {
      const number = name.endsWith('.mov') ? 2 : 1; // behind its sound
      const { path, events } = await milledFile(at(name), { preset: 'ultrafast' }, 'ladder');
      expect(await readFile(path(`subtitles-${number}.vtt`), 'utf8')).toBe(
        'WEBVTT\n\n00:00:00.000 --> 00:00:00.200\nTwo\n\n00:00:00.500 --> 00:00:01.000\nThree\n\n',
      );
      const told = `subtitles-${number}.vtt: of its texts these are left out: 1 without a length, or before its beginning`;
      expect(events).toContainEqual(expect.objectContaining({ type: 'warning', message: told }));
    },
  );
});
