import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const CHAPTERS = [
  ';FFMETADATA1',
  ...['One', 'Two'].flatMap((title, i) => [
    ...['[CHAPTER]', 'TIMEBASE=1/1000', `START=${200 * i}`, `END=${200 * (i + 1)}`, `title=${title}`],
  ]),
].join('\n');

const LATE = [
  ';FFMETADATA1',
  ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=7', 'END=120', 'title=One'],
  ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=120', 'END=400', 'title=Two'],
].join('\n');

async function film(name: string, chapters: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'chapters.txt'), chapters);
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-i', join(folder, 'chapters.txt')];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-map_chapters', '1'];
  await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codec, join(folder, name)]);
  return join(folder, name);
}

async function startsIn(path: string): Promise<readonly string[]> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path]);
  return JSON.parse(stdout).chapters.map(({ start_time }: { start_time: string }) => Number(start_time).toFixed(3));
}

describe('chapters of which the first begins behind the first picture', () => {
  it.each([['mp4'], ['mkv']])(
    'keep their times over generations, for every reader: MP4, then %s',
    async (container) => {
      const settings = { ...QUICK, evenIfLarger: 'true' };
      const first = await milledFile(await film('late.mkv', LATE), { ...settings, container: 'mp4' });
      const made = first.path(`${first.manifest.renditions[0]?.name}.mp4`);
      const { stdout } = await run('mediainfo', [made]);
      expect(stdout.match(/^00:00:00\.\d{3} .*$/gm)?.map((line) => line.slice(0, 12))).toEqual([
        ...['00:00:00.007', '00:00:00.120'],
        ...['00:00:00.007', '00:00:00.120'],
      ]);
      const second = await milledFile(made, { ...settings, container });
      const again = second.path(`${second.manifest.renditions[0]?.name}.${container}`);
      expect([await startsIn(made), await startsIn(again)]).toEqual([
        ['0.007', '0.120'],
        ['0.007', '0.120'],
      ]);
    },
  );
});

describe('the only chapter of a film, which begins behind its first picture', () => {
  it.each([[0.1], [0.28]])('begins at %s s and lasts until the film ends', async (starts) => {
    const list = [';FFMETADATA1', '[CHAPTER]', 'TIMEBASE=1/1000', `START=${1000 * starts}`, 'END=400', 'title=One'];
    const source = await film('one.mkv', list.join('\n'));
    const { path, manifest } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container: 'mp4' });
    const made = path(`${manifest.renditions[0]?.name}.mp4`);
    const show = ['-v', 'error', '-show_entries', 'chapter=start_time,end_time', '-of', 'csv=p=0'];
    const { stdout } = await run('ffprobe', [...show, made]);
    expect(stdout.trim().split(',').map(Number)).toEqual([starts, 0.4]);
    // the headers of the track say the same: it is shown for as long as the film, with nothing at its beginning
    const { stdout: boxes } = await run('exiftool', [
      '-ee',
      '-G1',
      '-s',
      '-n',
      '-TrackDuration',
      '-MediaDuration',
      made,
    ]);
    expect(boxes.match(/\[Track2\].*Duration.*: (.*)/g)?.map((line) => line.split(': ')[1])).toEqual(['0.4', '0.4']);
  });
});

describe('the track of the chapters of a MOV', () => {
  let film: string;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    film = join(folder, 'chapters.mov');
    await writeFile(join(folder, 'chapters.txt'), CHAPTERS);
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-i', join(folder, 'chapters.txt')];
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-map_chapters', '1'];
    await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codec, film]);
  });

  it.each([
    ['preserve', 'mp4', 'mp4'],
    ['preserve', 'mkv', 'mkv'],
    ['mezzanine', 'mov', 'mov'],
    ['vj', 'mov', 'mov'],
  ])('is no loss where its chapters are kept: %s with container=%s', async (recipe, container, extension) => {
    const settings = recipe === 'preserve' ? { ...QUICK, evenIfLarger: 'true', container } : {};
    const { path, manifest } = await milledFile(film, settings, recipe);
    expect(manifest.warnings).toEqual([]);
    expect(manifest.streams[1]).toMatchObject({
      type: 'data',
      fate: 'converted',
      why: expect.stringContaining('chapters'),
    });
    const name = manifest.renditions[0]?.name ?? '';
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_chapters',
      '-of',
      'json',
      path(`${name}.${extension}`),
    ]);
    expect(JSON.parse(stdout).chapters.map(({ tags }: { tags: { title: string } }) => tags.title)).toEqual([
      'One',
      'Two',
    ]);
  });
});
