import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { beforeEachPicture } from '../fixtures/captions.ts';
import { picTimingUnit, timeCodeMessage, withUnits } from '../fixtures/picture-notes.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4'];

type Film = { readonly file: string; readonly args: readonly string[] };
const FILMS = {
  mxf: { file: 'card.mxf', args: ['-c:v', 'mpeg2video', '-timecode', '05:00:00:07'] },
  gop: { file: 'gop.mpg', args: ['-c:v', 'mpeg2video', '-gop_timecode', '01:02:03:04'] },
  counting: { file: 'counting.mpg', args: ['-c:v', 'mpeg2video'] },
  reel: {
    file: 'reel.mov',
    args: ['-c:v', 'prores_ks', '-timecode', '10:00:00:00', '-metadata:s:v', 'reel_name=A001C002'],
  },
} as const satisfies Record<string, Film>;

/** What independent readers say of a file: exiftool of the track of time code, mediainfo of its first frame. */
async function timecodeOf(path: string) {
  const { stdout } = await run('mediainfo', ['--Output=JSON', path]);
  const tracks: readonly Record<string, unknown>[] = JSON.parse(stdout).media.track;
  return tracks.flatMap((track) => [
    ...(typeof track.TimeCode_FirstFrame === 'string' ? [track.TimeCode_FirstFrame] : []),
  ]);
}
/** What ffprobe says of all streams and the file, with names in small letters. */
async function tagsOf(path: string): Promise<readonly (readonly [string, string])[]> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path]);
  const { streams, format } = JSON.parse(stdout);
  return [...streams, format].flatMap(({ tags = {} }: { tags?: Record<string, string> }) =>
    Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
}

describe('the time code of a film, and the name of its reel', () => {
  let folder: string;
  const path = (of: keyof typeof FILMS) => join(folder, FILMS[of].file);
  beforeAll(async () => {
    folder = await temporaryFolder();
    for (const { file, args } of Object.values(FILMS))
      await run('ffmpeg', ['-v', 'error', ...PICTURE, ...args, join(folder, file)]);
  });
  const made = async (of: keyof typeof FILMS, recipe: string, more = {}) => {
    const milled = await milledFile(path(of), recipe === 'preserve' ? { ...settings, ...more } : more, recipe);
    const lines = milled.manifest.renditions[0]?.metadata ?? [];
    return { ...milled, line: (name: string) => lines.filter((line) => line.name === name) };
  };

  it.each([
    { recipe: 'preserve', file: 'preserve.mp4', name: 'GoPro TCD 12345' },
    { recipe: 'mezzanine', file: '422.mov', name: 'GoPro TCD 12345' },
    { recipe: 'mezzanine', file: '422.mov', name: 'TimeCodeHandler' },
  ])('has the handler of its source, $name, and not that of the picture: $recipe', async ({ recipe, file, name }) => {
    const movie = await readFile(path('reel'));
    const renamed = Buffer.from(movie.toString('latin1').replace('TimeCodeHandler', name), 'latin1');
    const source = join(folder, 'named.mov');
    await writeFile(source, renamed);
    const { path: published } = await milledFile(source, recipe === 'preserve' ? settings : {}, recipe);
    const { stdout } = await run('exiftool', [
      '-G1',
      '-a',
      '-s',
      '-HandlerType',
      '-HandlerDescription',
      published(file),
    ]);
    const track = /^\[(Track\d)\] +HandlerType +: Time Code$/m.exec(stdout)?.[1];
    const names = [...stdout.matchAll(/^\[(Track\d)\] +HandlerDescription +: (.*)$/gm)];
    expect(names.find(([, of]) => of === track)?.[2]).toBe(name);
  });

  it.each([
    ['mxf', '05:00:00:07', 'the file'],
    ['gop', '01:02:03:04', 'its pictures'],
  ] as const)('is written as a track of MP4, and told, from %s', async (of, timecode, where) => {
    const { path: at, line } = await made(of, 'preserve');
    expect(await timecodeOf(at('preserve.mp4'))).toContain(timecode);
    expect(line('timecode')).toEqual([
      {
        place: 'movie',
        name: 'timecode',
        fate: 'converted',
        why: `it stands in ${where}; written as a track of time code that begins with ${timecode}`,
      },
    ]);
  });

  it('is written as a tag of Matroska, and told', async () => {
    const { path: at, line } = await made('gop', 'preserve', { container: 'mkv' });
    expect(await tagsOf(at('preserve.mkv'))).toContainEqual(['timecode', '01:02:03:04']);
    expect(line('timecode')).toMatchObject([
      { fate: 'converted', why: expect.stringContaining('as the tag TIMECODE, 01:02:03:04') },
    ]);
  });

  it.each([
    {
      what: 'of 119.88 pictures a second, made of fields',
      rate: '60000/1001',
      more: { deinterlace: 'bob' },
      says: '01:02:03:008',
    },
    { what: 'of 10 pictures a second', rate: '10', more: {}, says: '01:02:03:4' },
  ])('is written into a film $what, at the first way', async ({ rate, more, says }) => {
    const source = join(folder, `${Number.parseInt(rate, 10)}.mkv`);
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=${rate}:d=1`, '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', ...picture, '-metadata:s:v', 'timecode=01:02:03:04', source]);
    const { path: at, manifest } = await milledFile(source, { ...settings, ...more });
    expect(manifest.warnings.join()).not.toContain('a second way');
    expect(await tagsOf(at('preserve.mp4'))).toContainEqual(['timecode', says]);
  });

  it('is none where pictures count from zero, as encoders do that were given no time', async () => {
    const { path: at, line } = await made('counting', 'preserve');
    expect(await timecodeOf(at('preserve.mp4'))).toEqual([]);
    expect(line('timecode')).toEqual([]);
  });

  it.each([
    ['preserve', 'preserve.mp4'],
    ['mezzanine', '422.mov'],
  ])('keeps its reel in %s', async (recipe, name) => {
    const { path: at, line, manifest } = await made('reel', recipe);
    const file = at(name);
    expect(await tagsOf(file)).toContainEqual(['reel_name', 'A001C002']);
    expect(await timecodeOf(file)).toContain('10:00:00:00');
    expect(line('reel_name')).toMatchObject([{ fate: 'kept' }]);
    expect(manifest.streams).toContainEqual(
      expect.objectContaining({ fate: 'kept', why: 'its timecode is written again, and each picture keeps its own' }),
    );
    expect(manifest.renditions[0]?.checks).toContainEqual(
      expect.objectContaining({ name: 'metadata as planned', passed: true }),
    );
  });

  it('keeps its reel in Matroska', async () => {
    const { path: at, line } = await made('reel', 'preserve', { container: 'mkv' });
    expect(await tagsOf(at('preserve.mkv'))).toEqual(
      expect.arrayContaining([
        ['reel_name', 'A001C002'],
        ['timecode', '10:00:00:00'],
      ]),
    );
    expect(line('reel_name')).toMatchObject([{ fate: 'converted' }]);
  });

  it('is told as kept in vj, which writes it', async () => {
    const { path: at, manifest } = await made('reel', 'vj');
    expect(await timecodeOf(at('hap.mov'))).toContain('10:00:00:00');
    expect(manifest.streams[1]).toMatchObject({
      fate: 'kept',
      why: 'its timecode is written again, and each picture keeps its own',
    });
  });

  describe('in messages of its pictures', () => {
    const at = (name: string) => join(folder, name);
    const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
    beforeAll(async () => {
      const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-x264-params'];
      await ffmpeg(...PICTURE, ...x264, 'slices=1:threads=1:pic-struct=1', 'plain.h264');
      const h264 = beforeEachPicture(await readFile(at('plain.h264')), (frame) =>
        picTimingUnit({ hours: 10, minutes: 0, seconds: 0, frame: 5 + frame }),
      );
      await writeFile(at('clock.h264'), h264);
      for (const name of ['h264.mp4', 'h264.ts', 'h264.mkv'])
        await ffmpeg('-r', '25', '-i', 'clock.h264', '-c', 'copy', name);
      const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:bframes=3:info=0'];
      await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=30000/1001:d=0.4', ...x265, '-tag:v', 'hvc1', 'plain.mp4');
      const hevc = withUnits(await readFile(at('plain.mp4')), (picture) => ({
        before: [timeCodeMessage({ hours: 1, minutes: 2, seconds: 3, frame: 4 + picture, drops: true })],
      }));
      await writeFile(at('hevc.mp4'), hevc);
    });

    it.each([
      { of: 'h264.mp4', timecode: '10:00:00:05' },
      { of: 'h264.ts', timecode: '10:00:00:05' },
      { of: 'h264.mkv', timecode: '10:00:00:05' },
      { of: 'hevc.mp4', timecode: '01:02:03;04' },
    ])('is written as a track of MP4 and as a tag of Matroska, and told: $of', async ({ of, timecode }) => {
      const inMp4 = await milledFile(at(of), settings);
      expect(await timecodeOf(inMp4.path('preserve.mp4'))).toContain(timecode);
      const line = { name: 'timecode', fate: 'converted', why: expect.stringContaining('it stands in its pictures') };
      expect(inMp4.manifest.renditions[0]?.metadata).toContainEqual(expect.objectContaining(line));
      const inMatroska = await milledFile(at(of), { ...settings, container: 'mkv' });
      expect(await tagsOf(inMatroska.path('preserve.mkv'))).toContainEqual(['timecode', timecode]);
      const edited = await milledFile(at(of), {}, 'mezzanine');
      expect(await timecodeOf(edited.path('422.mov'))).toContain(timecode);
    });
  });
});
