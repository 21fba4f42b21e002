import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { box, u8, u32, u64 } from '../fixtures/craft.ts';
import { describedFile } from '../fixtures/described.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const SETTINGS = { ...QUICK, evenIfLarger: 'true' };

const TITLES = ['Zero', 'One', 'Two', 'Three'];
const STARTS = [0, 1000, 2500, 4000, 6000];

/** An MP4 of 6 seconds with a track of chapters from 0, 1, 2.5 and 4 seconds on. */
async function filmWithChapters(...options: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  const [list, film] = [join(folder, 'chapters.txt'), join(folder, 'film.mp4')];
  const chapters = TITLES.flatMap((title, i) => [
    ...['[CHAPTER]', 'TIMEBASE=1/1000', `START=${STARTS[i]}`, `END=${STARTS[i + 1]}`, `title=${title}`],
  ]);
  await writeFile(list, [';FFMETADATA1', ...chapters, ''].join('\n'));
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=6', '-i', list, '-map_chapters', '1'];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25'];
  await run('ffmpeg', ['-v', 'error', ...inputs, ...codec, ...options, film]);
  return film;
}

/** Cuts two seconds from the beginning of every track, as programs do that do not encode. */
async function cutFilm(): Promise<string> {
  const film = await filmWithChapters();
  const bytes = await readFile(film);
  for (let at = bytes.indexOf('elst'); at >= 0; at = bytes.indexOf('elst', at + 1)) {
    const timescale = bytes.readUInt32BE(bytes.indexOf('mdhd', at) + 16);
    const edit = at + 12; // behind the type, the flags and the number of edits
    bytes.writeUInt32BE(4000, edit);
    bytes.writeUInt32BE(2 * timescale, edit + 4);
  }
  await writeFile(film, bytes);
  return film;
}

type Chapter = { readonly start_time: string; readonly end_time: string; readonly tags: { readonly title: string } };

async function chaptersIn(path: string) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path]);
  const { chapters }: { readonly chapters: readonly Chapter[] } = JSON.parse(stdout);
  return chapters.map(({ start_time, end_time, tags }) => [Number(start_time), Number(end_time), tags.title]);
}

const SHOWN = [
  [0, 0.5, 'One'],
  [0.5, 2, 'Two'],
  [2, 4, 'Three'],
];
const HIDDEN = /chapters \(hidden by edits\) \| dropped \| .*: "Zero"; they stay in the source/;

describe('the chapters of a film whose edit list cuts its beginning', () => {
  it.each([
    ['preserve', 'mp4'],
    ['preserve', 'mkv'],
    ['mezzanine', 'mov'],
    ['vj', 'mov'],
  ])('begin with what they name: %s in %s', async (recipe, container) => {
    const settings = recipe === 'preserve' ? { ...SETTINGS, container } : {};
    const made = await milledFile(await cutFilm(), settings, recipe);
    const [rendition] = made.manifest.renditions;
    expect(await chaptersIn(made.path(`${rendition?.name}.${container}`))).toEqual(SHOWN);
    expect(linesOf(made)).toContainEqual(expect.stringMatching(HIDDEN));
    for (const name of ['chapters begin at their times', 'chapters end at their times'])
      expect(rendition?.checks).toContainEqual(expect.objectContaining({ name, passed: true }));
  });
});

describe('the chapters of a film without a cut', () => {
  it.each([['mp4'], ['mkv']])('stay where they are (%s)', async (container) => {
    const made = await milledFile(await filmWithChapters(), { ...SETTINGS, container });
    const all = TITLES.map((title, i) => [(STARTS[i] ?? 0) / 1000, (STARTS[i + 1] ?? 0) / 1000, title]);
    expect(await chaptersIn(made.path(`preserve.${container}`))).toEqual(all);
    expect(linesOf(made)).not.toContainEqual(expect.stringMatching(/hidden by edits/));
  });
});

describe("the chapters of Nero's list alone", () => {
  /** The film without chapters, with such a list of them: the last one begins behind its end, and the title of the second is not UTF-8. */
  async function filmWithList(): Promise<string> {
    const chapters = [
      [0, Buffer.from('Zero')],
      [1.5, Buffer.from([0x43, 0x61, 0x66, 0xe9])],
      [4, Buffer.from('Vier Ärzte')],
      [99, Buffer.from('Past')],
    ] as const;
    const entries = chapters.map(([seconds, title]) =>
      Buffer.concat([u64(BigInt(seconds * 1e7)), u8(title.length), title]),
    );
    const folder = await temporaryFolder();
    const plain = join(folder, 'plain.mp4');
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=6', '-f', 'lavfi', '-i', 'sine=d=6'];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-c:a', 'aac'];
    await run('ffmpeg', ['-v', 'error', ...inputs, ...codecs, '-map_metadata', '-1', '-fflags', '+bitexact', plain]);
    const list = box('chpl', u32(0x0100_0000), u32(0), u8(entries.length), ...entries);
    return describedFile(plain, join(folder, 'nero.mp4'), { movie: [box('udta', list)] });
  }

  it.each([
    ['preserve', 'mp4'],
    ['preserve', 'mkv'],
    ['mezzanine', 'mov'],
  ])('are compared with those of %s in %s, and one behind the film is told', async (recipe, container) => {
    const settings = recipe === 'preserve' ? { ...SETTINGS, container } : {};
    const made = await milledFile(await filmWithList(), settings, recipe);
    const [rendition] = made.manifest.renditions;
    const told = /^3 of 3 chapters, each at its time$/;
    expect(rendition?.checks).toContainEqual(
      expect.objectContaining({
        name: 'chapters begin at their times',
        passed: true,
        detail: expect.stringMatching(told),
      }),
    );
    const { stdout } = await run('mediainfo', ['--Output=JSON', made.path(`${rendition?.name}.${container}`)]);
    const tracks: readonly Record<string, unknown>[] = JSON.parse(stdout).media.track;
    const menus = tracks.flatMap((track) => (track['@type'] === 'Menu' ? [Object.entries(track.extra ?? {})] : []));
    const titled = menus.map((menu) => menu.filter(([key]) => /^_\d\d_/.test(key)).map(([, title]) => `${title}`));
    // in MP4 there are Nero's list and a track
    const lists = titled
      .filter(({ length }) => length > 0)
      .map((list) => list.map((each) => each.replace(/^\w*:/, '')));
    expect(lists).toEqual(lists.map(() => ['Zero', 'Café', 'Vier Ärzte']));
    expect(lists.length).toBeGreaterThan(0);
    expect(linesOf(made)).toContainEqual(
      expect.stringMatching(/chapters \(behind the end\) \| dropped \| .*: "Past"; they stay in the source/),
    );
  });
});
