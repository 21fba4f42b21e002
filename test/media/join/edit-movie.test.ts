import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { boxBytes, boxesOf, newBox } from '../../../core/bytes/boxes.ts';
import { editMovie } from '../../../media/join/edit-movie.ts';
import { box } from '../../fixtures/craft.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** A table of the offsets of chunks that all lie behind the movie box. */
const offsets = box('stco', Buffer.from([0, 0, 0, 0, 0, 0, 0, 2, 0x7f, 0, 0, 0, 0x7f, 0, 0, 1]));
const track = (megabytes: number) =>
  box(
    'trak',
    box('tkhd', Buffer.alloc(84)),
    box(
      'mdia',
      box('minf', box('stbl', box('ctts', randomBytes(megabytes << 20)), offsets, box('stsz', randomBytes(1 << 20)))),
    ),
  );
const media = box('mdat', randomBytes(3 << 20));
const film = Buffer.concat([
  box('ftyp', Buffer.from('isom')),
  box(
    'moov',
    box('mvhd', Buffer.alloc(100)),
    box('udta', Buffer.alloc(5000)),
    track(2),
    track(1),
    box('free', Buffer.alloc(50)),
  ),
  media,
]);

/** Returns a movie box with other children. */
const withChildren = (change: (children: readonly Buffer[]) => readonly Buffer[]) => (moov: Buffer) => {
  const [movie] = boxesOf(moov, 0, moov.length);
  const children = movie ? boxesOf(moov, movie.body, movie.end).map((each) => boxBytes(moov, each)) : [];
  return newBox('moov', ...change(children));
};

async function edited(edit: (moov: Buffer) => Buffer, keepsTables: boolean): Promise<Buffer> {
  const path = join(folder, `${keepsTables}.mp4`);
  await writeFile(path, film);
  await editMovie(path, edit, { appended: [box('uuid', Buffer.alloc(20))], keepsTables, signal });
  return readFile(path);
}

const large = box('udta', randomBytes(9000));

describe('an edit that leaves the large tables in the file', () => {
  it.each([
    { way: 'adds at the end', change: (all: readonly Buffer[]) => [...all, large] },
    { way: 'adds before the tracks', change: (all: readonly Buffer[]) => [large, ...all] },
    { way: 'removes before the tracks', change: (all: readonly Buffer[]) => all.filter((_, i) => i !== 1) },
    {
      way: 'moves one track to the front and the other to the back',
      change: ([header, , one, ...others]: readonly Buffer[]) =>
        [header, one, large, ...others].filter((each) => each !== undefined),
    },
    {
      way: 'changes in place',
      change: ([, ...others]: readonly Buffer[]) => [box('mvhd', Buffer.alloc(100, 1)), ...others],
    },
  ])('and $way gives the file that an edit in memory gives', async ({ change }) => {
    const marked = await edited(withChildren(change), true);
    const whole = await edited(withChildren(change), false);
    expect(marked.equals(whole)).toBe(true);
    expect(whole.equals(film)).toBe(false);
    expect(whole.includes(media.subarray(-4096))).toBe(true);
  });

  it('sees none of them', async () => {
    let seen = 0;
    await edited((moov) => {
      seen = moov.length;
      return moov;
    }, true);
    expect(seen).toBeLessThan(10_000);
  });

  it('fails where it loses one', async () => {
    const lost = withChildren((all) => all.slice(0, 3));
    await expect(edited(lost, true)).rejects.toThrow(/left 2 of 4 tables/);
  });
});
