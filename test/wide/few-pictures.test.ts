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

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=5:d=1'];
const CODECS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'libopus', '-c:s', 'subrip'];
const SOUND = ['-itsoffset', '0.3', '-f', 'lavfi', '-i', 'sine=1000:d=1:r=48000'];

const HEVC = ['-c:v', 'libx265', '-x265-params', 'log-level=error'];
const pictures = (seconds: string) => ['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=5:d=${seconds}`];

/** When the packets of a stream are shown, in seconds. The empty ones between the texts of an MP4 are left out. */
async function timesOf(path: string, stream: string): Promise<readonly number[]> {
  const { packets } = await ffprobe(path, '-select_streams', stream, '-show_entries', 'packet=pts_time,size');
  const shown: { pts_time: string; size: string }[] = packets;
  return shown
    .filter(({ size }) => Number(size) > 2)
    .map(({ pts_time }) => Number(pts_time))
    .sort((one, other) => one - other);
}

// ffmpeg does not tell when the pictures of these films begin, and counts from the first text or sound
describe('a Matroska of few pictures whose other streams begin later', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(at('texts.srt'), '1\n00:00:00,100 --> 00:00:00,900\nLater\n');
    const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
    await ffmpeg(...PICTURE, '-i', 'texts.srt', ...CODECS, 'texts.mkv');
    await ffmpeg(...PICTURE, ...SOUND, ...CODECS, '-t', '1', 'sound.mkv');
    await ffmpeg(...pictures('0.4'), '-i', 'texts.srt', ...CODECS, ...HEVC, 'texts-hevc.mkv');
    await ffmpeg(...pictures('0.2'), ...SOUND, ...CODECS, ...HEVC, 'sound-hevc.mkv');
  });

  it.each([
    ['texts.mkv', 's:0', 'mp4'],
    ['texts.mkv', 's:0', 'mkv'],
    ['sound.mkv', 'a:0', 'mp4'],
    ['sound.mkv', 'a:0', 'mkv'],
    ['texts-hevc.mkv', 's:0', 'mp4'],
    ['sound-hevc.mkv', 'a:0', 'mp4'],
    ['sound-hevc.mkv', 'a:0', 'mkv'],
  ])('begins with its pictures: %s, %s as %s', async (name, other, container) => {
    const begins = async (path: string) => {
      const [pictures, others] = [await timesOf(path, 'v:0'), await timesOf(path, other)];
      return { pictures, apart: (others[0] ?? Number.NaN) - (pictures[0] ?? 0) };
    };
    const was = await begins(at(name));
    const { path } = await milledFile(at(name), { ...settings, container });
    const is = await begins(path(`preserve.${container}`));
    expect(is.pictures).toEqual(was.pictures);
    expect(is.apart).toBeCloseTo(was.apart, 2);
  });

  it('streams from its first picture on, with its texts at their times', async () => {
    const { path } = await milledFile(at('texts.mkv'), { preset: 'ultrafast' }, 'ladder');
    expect(await readFile(path('subtitles-1.vtt'), 'utf8')).toContain('00:00:00.100 --> 00:00:00.900');
  });
});

it('a Matroska of one picture is made whose Opus has no packet, to which ffprobe cannot seek', async () => {
  const folder = await temporaryFolder();
  const film = join(folder, 'one.mkv');
  const sound = ['-f', 'lavfi', '-i', 'sine=d=0.6:r=48000'];
  await run('ffmpeg', ['-v', 'error', '-y', ...PICTURE, ...sound, '-frames:v', '1', ...CODECS, film]);
  const { manifest } = await milledFile(film, settings);
  expect(manifest.streams).toContainEqual(
    expect.objectContaining({ codec: 'opus', fate: 'dropped', why: 'the file holds no packet of it' }),
  );
});
