import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { boxByPath, boxesOf, withBox } from '../../core/bytes/boxes.ts';
import { box, text, u8, u32, u64 } from '../fixtures/craft.ts';
import { markedMovie } from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const CHAPTERS = [
  ';FFMETADATA1',
  ...['One', 'Two'].flatMap((title, i) => [
    ...['[CHAPTER]', 'TIMEBASE=1/1000', `START=${200 * i}`, `END=${200 * (i + 1)}`, `title=${title}`],
  ]),
].join('\n');

/** Nero's list of so many chapters, a tenth of a second apart. */
const neroList = (count: number) =>
  box(
    'chpl',
    ...[u32(0x0100_0000), u32(0), u8(count)],
    ...Array.from({ length: count }, (_, i) => Buffer.concat([u64(BigInt(i) * 1_000_000n), u8(5), text(`Nero${i}`)])),
  );

const movieOf = (moov: Buffer) => {
  const [movie] = boxesOf(moov, 0, moov.length);
  if (!movie) throw new Error('no movie box');
  return movie;
};

const withList = (count: number) => (moov: Buffer) =>
  withBox(moov, movieOf(moov), ['udta', 'chpl'], () => neroList(count));

/** Every track that refers to the chapters refers to the second track too, as their pictures. */
const withPictures = (moov: Buffer) =>
  box(
    'moov',
    ...boxesOf(moov, 8, moov.length).map((part) => {
      const bytes = moov.subarray(part.start, part.end);
      const [trak] = boxesOf(bytes, 0, bytes.length);
      if (trak?.type !== 'trak' || !boxByPath(bytes, trak, 'tref', 'chap')) return bytes;
      return withBox(bytes, trak, ['tref', 'chap'], ({ body, end }) => box('chap', bytes.subarray(body, end), u32(2)));
    }),
  );

async function chaptersIn(path: string): Promise<readonly (readonly [string, string])[]> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path]);
  const { chapters }: { chapters: readonly { start_time: string; tags: { title: string } }[] } = JSON.parse(stdout);
  return chapters.map(({ start_time, tags }) => [Number(start_time).toFixed(1), tags.title]);
}

describe('a film with two lists of chapters', () => {
  let folder: string;
  let plain: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = join(folder, 'plain.mp4');
    await writeFile(join(folder, 'chapters.txt'), CHAPTERS);
    const picture = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=96x64:r=25:d=0.4',
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=32x32:r=5:d=0.4',
    ];
    const inputs = [...picture, '-i', join(folder, 'chapters.txt'), '-map_chapters', '2'];
    const codecs = ['-map', '0:v', '-map', '1:v', '-c:v:0', 'libx264', '-preset', 'ultrafast', '-c:v:1', 'mjpeg'];
    await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codecs, '-pix_fmt', 'yuvj420p', plain]);
  });

  it.each([
    { container: 'mp4', count: 4 },
    { container: 'mkv', count: 4 },
    { container: 'mp4', count: 1 },
    { container: 'mp4', count: 2 }, // as many, of other titles
  ])(
    'has those of its track, and the other list is told: $count of Nero into $container',
    async ({ container, count }) => {
      const source = await markedMovie(plain, join(folder, `${count}-${container}.mp4`), { edit: withList(count) });
      const made = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container });
      expect(await chaptersIn(made.path(`preserve.${container}`))).toEqual([
        ['0.0', 'One'],
        ['0.2', 'Two'],
      ]);
      expect(linesOf(made)).toContainEqual(
        expect.stringMatching(/chapters \(Nero's list\) \| dropped \| .* players read it/),
      );
    },
  );

  it.each(['mp4', 'mkv'])(
    'names the pictures of its chapters, of which none becomes a cover (%s)',
    async (container) => {
      const source = await markedMovie(plain, join(folder, `pictures-${container}.mp4`), { edit: withPictures });
      const made = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container });
      expect(made.manifest.streams[1]).toMatchObject({
        fate: 'dropped',
        why: expect.stringContaining('pictures of its chapters'),
      });
      const { stdout } = await run('mediainfo', ['--Inform=General;%Cover%', made.path(`preserve.${container}`)]);
      expect(stdout.trim()).toBe('');
      expect((await chaptersIn(made.path(`preserve.${container}`))).map(([, title]) => title)).toEqual(['One', 'Two']);
    },
  );
});
