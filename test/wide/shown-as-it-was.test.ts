import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const CHAPTERS = `<?xml version="1.0"?><Chapters><EditionEntry><ChapterAtom><ChapterTimeStart>00:00:00.000</ChapterTimeStart>
<ChapterDisplay><ChapterString>One</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay></ChapterAtom></EditionEntry></Chapters>`;

/** The hashes of all pictures of a film, as they are shown. */
async function pictures(path: string, ...filter: readonly string[]): Promise<readonly string[]> {
  const args = ['-v', 'error', '-flags', '+unaligned', '-i', path, '-map', '0:v:0', ...filter, '-f', 'framemd5', '-'];
  const { stdout } = await run('ffmpeg', args);
  return stdout.split('\n').flatMap((line) => (/^\d/.test(line) ? [line.split(',').at(-1)?.trim() ?? ''] : []));
}

const matrixOf = async (path: string): Promise<string> => {
  const shown = ['-select_streams', 'v:0', '-show_entries', 'stream_side_data=displaymatrix', '-of', 'json', path];
  const { streams } = JSON.parse((await run('ffprobe', ['-v', 'error', ...shown])).stdout);
  return streams[0]?.side_data_list?.find((each: { displaymatrix?: string }) => each.displaymatrix)?.displaymatrix;
};

describe('a picture is shown as it was', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4'];
    const sound = ['-f', 'lavfi', '-i', 'sine=d=0.4', '-c:a', 'aac'];
    await ffmpeg(...picture, ...sound, '-c:v', 'libx264', '-preset', 'ultrafast', at('h264.mp4'));
    await ffmpeg(
      ...picture,
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=error',
      at('hevc.mp4'),
    );
    await writeFile(at('chapters.xml'), CHAPTERS);
  });

  it.each(['h264', 'hevc'])('where its parameters hide columns and lines at all four edges: %s', async (codec) => {
    const edges = `${codec}_metadata=crop_left=6:crop_right=2:crop_top=4:crop_bottom=8`;
    await ffmpeg('-i', at(`${codec}.mp4`), '-map', '0:v', '-c', 'copy', '-bsf:v', edges, at(`${codec}-cropped.mp4`));
    const made = await milledFile(at(`${codec}-cropped.mp4`), { ...settings, lossless: 'true' });
    const wanted = await pictures(at(`${codec}.mp4`), '-vf', 'crop=88:52:6:4');
    expect(wanted).toHaveLength(10);
    expect(await pictures(made.path('preserve.mp4'))).toEqual(wanted);
  });

  it.each([90, 180, -90])('where Matroska turns it by %i degrees', async (roll) => {
    const film = at(`roll${roll}.mkv`);
    await run('mkvmerge', ['-q', '-o', film, '-A', at('h264.mp4')]);
    const turn = ['--set', 'projection-type=0', '--set', `projection-pose-roll=${roll}`];
    await run('mkvpropedit', ['-q', film, '--edit', 'track:v1', ...turn]);
    const wanted = await matrixOf(film);
    expect(wanted).toBeDefined();
    const made = await milledFile(film, { ...settings, container: 'mkv' });
    expect(await matrixOf(made.path('preserve.mkv'))).toBe(wanted);
    const { stdout } = await run('mkvinfo', [made.path('preserve.mkv')]);
    expect(stdout).toMatch(new RegExp(`roll.*: ${roll}`, 'i'));
  });

  it('where an MP4 turns it, in Matroska', async () => {
    await ffmpeg('-i', at('h264.mp4'), '-map', '0:v', '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
    const made = await milledFile(at('turned.mp4'), { ...settings, container: 'mkv' });
    expect(await matrixOf(made.path('preserve.mkv'))).toBe(await matrixOf(at('turned.mp4')));
  });

  it.each([
    ['two eyes', ['--set', 'stereo-mode=1']],
    ['a sphere', ['--set', 'projection-type=1', '--set', 'projection-pose-yaw=30']],
  ])('of %s in Matroska that has chapters, and its sound is copied', async (what, set) => {
    const film = at(`${what}.mkv`);
    await run('mkvmerge', ['-q', '-o', film, '--chapters', at('chapters.xml'), at('h264.mp4')]);
    await run('mkvpropedit', ['-q', film, '--edit', 'track:v1', ...set]);
    const made = await milledFile(film, { ...settings, container: 'mkv' });
    expect(made.manifest.warnings).toEqual([]);
    expect(made.manifest.streams[1]).toMatchObject({ fate: 'kept', why: 'its packets are copied' });
  });

  it('where its clock begins at 27,777 hours', async () => {
    await ffmpeg('-i', at('h264.mp4'), '-c', 'copy', '-output_ts_offset', '100000000', at('far.mkv'));
    const made = await milledFile(at('far.mkv'), { ...settings, lossless: 'true' });
    expect(await pictures(made.path('preserve.mp4'))).toEqual(await pictures(at('h264.mp4')));
    expect(made.manifest.streams[1]).toMatchObject({ fate: 'kept' });
  });
});
