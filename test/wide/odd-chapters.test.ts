import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newElement, textElement, uintElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { rebuiltMatroska } from '../fixtures/rebuilt-matroska.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const MILLISECOND = 1_000_000;

type Said = { readonly uid: number; readonly start: number | bigint; readonly end?: number; readonly title: string };

const chapter = ({ uid, start, end, title }: Said) =>
  newElement(
    MKV.ChapterAtom,
    uintElement(MKV.ChapterUID, uid),
    uintElement(MKV.ChapterTimeStart, start),
    ...(end === undefined ? [] : [uintElement(MKV.ChapterTimeEnd, end)]),
    newElement(MKV.ChapterDisplay, textElement(MKV.ChapString, title)),
  );

describe('chapters that no program should write', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.8', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, join(folder, 'plain.mkv')]);
  });

  /** The rendition's chapters, by its readers, and what is told of them. */
  async function made(chapters: readonly Said[], container: string) {
    const element = newElement(MKV.Chapters, newElement(MKV.EditionEntry, ...chapters.map(chapter)));
    const source = await rebuiltMatroska(join(folder, 'plain.mkv'), join(folder, 'odd.mkv'), element);
    const { path, manifest } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container });
    const shown = ['-v', 'error', '-show_chapters', '-show_entries', 'format=duration', '-of', 'json'];
    const { stdout, stderr } = await run('ffprobe', [...shown, path(`preserve.${container}`)]);
    const probed = JSON.parse(stdout);
    return {
      chapters: probed.chapters.map(({ start_time, tags }: { start_time: string; tags: { title: string } }) => [
        Number(start_time),
        tags.title,
      ]),
      lastEnd: Number(probed.chapters.at(-1).end_time),
      seconds: Math.round(Number(probed.format.duration) * 10) / 10,
      complaints: stderr,
      warnings: manifest.warnings,
      told: manifest.renditions[0]?.metadata?.filter(({ name, fate }) => name !== 'encoder' && fate === 'dropped'),
    };
  }

  it.each(['mkv', 'mp4'])('lose an end that lies before their start, which is told: %s', async (container) => {
    const found = await made(
      [
        { uid: 1, start: 0, end: 400 * MILLISECOND, title: 'a' },
        { uid: 2, start: 600 * MILLISECOND, end: 500 * MILLISECOND, title: 'back' },
      ],
      container,
    );
    expect(found).toMatchObject({ chapters: [[0, 'a'], [0.6, 'back']], complaints: '', warnings: [] }); // biome-ignore format: pairs
    expect(found.told).toContainEqual(
      expect.objectContaining({ name: 'chapters (ends)', why: expect.stringContaining('"back"') }),
    );
  });

  it('are sorted in MP4, share their starts, and are told where they begin behind the film', async () => {
    const found = await made(
      [
        { uid: 1, start: 400 * MILLISECOND, title: 'second' },
        { uid: 1, start: 0, title: 'first' },
        { uid: 3, start: 400 * MILLISECOND, title: 'at the same time' },
        { uid: 4, start: 2n ** 62n, title: 'huge' },
        { uid: 5, start: 99_000 * MILLISECOND, title: 'past' },
      ],
      'mp4',
    );
    expect(found).toMatchObject({
      chapters: [
        [0, 'first'],
        [0.4, 'second'],
        [0.4, 'at the same time'],
      ],
      seconds: 0.8,
      complaints: '',
      warnings: [],
    });
    expect(found.told).toContainEqual(
      expect.objectContaining({ name: 'chapters (behind the end)', why: expect.stringContaining('"huge", "past"') }),
    );
  });

  it('keep the end of the last one in MP4, and are told where others end before the next one begins', async () => {
    const found = await made(
      [
        { uid: 1, start: 0, end: 200 * MILLISECOND, title: 'short' },
        { uid: 2, start: 600 * MILLISECOND, end: 700 * MILLISECOND, title: 'last' },
        { uid: 2, start: 400 * MILLISECOND, end: 600 * MILLISECOND, title: 'earlier' },
      ],
      'mp4',
    );
    expect(found.chapters).toEqual([[0, 'short'], [0.4, 'earlier'], [0.6, 'last']]); // biome-ignore format: pairs
    expect(found.lastEnd).toBe(0.7);
    expect(found.told).toEqual([
      expect.objectContaining({
        name: 'chapters (gaps and overlaps)',
        why: expect.stringContaining('end elsewhere: "short" at 0.2 s;'),
      }),
    ]);
  });
});
