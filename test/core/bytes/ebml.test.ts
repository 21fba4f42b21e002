import { describe, expect, it } from '@jest/globals';
import {
  childElements,
  dataOf,
  ebmlElements,
  idOf,
  newElement,
  sizeBytesOf,
  textElement,
  textIn,
  uintElement,
  uintIn,
  voidElement,
} from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import { filmTags } from '../../../core/description/film-tags.ts';
import { wholenessOf } from '../../../core/description/matroska.ts';
import { movedChapters, plainChapters } from '../../../core/description/matroska-chapters.ts';
import { writtenTags } from '../../../core/description/written-tags.ts';

const atom = (start: number, ...inside: readonly Buffer[]) =>
  newElement(MKV.ChapterAtom, uintElement(MKV.ChapterTimeStart, start), ...inside);
const named = (name: string) => newElement(MKV.ChapterDisplay, textElement(MKV.ChapString, name));

describe('an EBML element', () => {
  it.each([0, 1, 126, 127, 128, 16_382, 16_383, 2_097_150, 2_097_151])(
    'of %i bytes is read as it was written',
    (bytes) => {
      const element = newElement(MKV.Tags, Buffer.alloc(bytes, 7));
      expect(ebmlElements(element)).toHaveLength(1);
      expect([idOf(element), dataOf(element).length]).toEqual([MKV.Tags, bytes]);
    },
  );

  it.each([2, 3, 9, 128, 129, 130, 136, 137, 70_000])('that means nothing fills exactly %i bytes', (bytes) => {
    const element = voidElement(bytes);
    expect(element).toHaveLength(bytes);
    expect(ebmlElements(element)).toMatchObject([{ id: MKV.Void, end: bytes }]);
  });

  it.each([0n, 255n, 256n, 2n ** 63n])('holds %s', (value) => {
    expect(uintIn(uintElement(MKV.TrackUID, value))).toBe(value);
  });

  it('says a size in as many bytes as are asked for', () => {
    expect(sizeBytesOf(5, 8).toString('hex')).toBe('0100000000000005');
  });

  it.each([
    ['cut', (whole: Buffer) => whole.subarray(0, -1)],
    ['with bytes behind', (whole: Buffer) => Buffer.concat([whole, Buffer.from([0x81])])],
    [
      'with a child that is too long',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, -3), Buffer.from([0x88, 1, 1])]),
    ],
  ])('is not whole: %s', (_, damage) => {
    const tag = newElement(MKV.Tag, newElement(MKV.Targets, uintElement(MKV.TagTrackUID, 300)));
    expect(wholenessOf(tag)).toBe('whole');
    expect(wholenessOf(damage(tag))).toBe('damaged');
  });

  it('is not whole deeper than any real one', () => {
    let tag = newElement(MKV.SimpleTag);
    for (let i = 0; i < 40; i++) tag = newElement(MKV.SimpleTag, tag);
    expect(wholenessOf(tag)).toBe('too deep');
  });
});

describe('chapters', () => {
  const chapters = newElement(
    MKV.Chapters,
    newElement(MKV.EditionEntry, atom(0, named('of the other'))),
    newElement(
      MKV.EditionEntry,
      uintElement(MKV.EditionFlagDefault, 1),
      atom(1_000_000_000, named('A = 1'), atom(2_000_000_000, named('in it'))),
      atom(500_000_000, named('first')),
    ),
  );
  it('move with the film, in all editions', () => {
    const moved = movedChapters(chapters, { nanoseconds: -1e9, factor: { num: 25, den: 24 } });
    const times = (element: Buffer): readonly bigint[] =>
      idOf(element) === MKV.ChapterTimeStart
        ? [uintIn(element) ?? -1n]
        : [MKV.Chapters, MKV.EditionEntry, MKV.ChapterAtom].some((id) => id === idOf(element))
          ? childElements(element).flatMap(times)
          : [];
    expect(times(moved)).toEqual([0n, 0n, 1_041_666_666n, 0n]);
  });

  it('are one plain list of the edition that players play', () => {
    const text = plainChapters(chapters, { nanoseconds: 0, factor: undefined }, { filmSeconds: 3, read: 4 }) ?? '';
    expect([...text.matchAll(/START=(\d+)\nEND=(\d+)\ntitle=(.*)/g)].map(([, ...found]) => found)).toEqual([
      ['500000000', '1000000000', 'first'],
      ['1000000000', '2000000000', String.raw`A \= 1`],
      ['2000000000', '3000000000', 'in it'],
    ]);
  });

  it.each([
    [2, 3, undefined],
    [1, 3, ['0', '2000000000']],
    [2, 1.5, ['0']],
    [2, 0, undefined],
  ])('are the list of ffmpeg, which read %i, in a film of %d s: %j', (read, filmSeconds, starts) => {
    const plain = newElement(MKV.Chapters, newElement(MKV.EditionEntry, atom(0), atom(2_000_000_000)));
    const text = plainChapters(plain, { nanoseconds: 0, factor: undefined }, { filmSeconds, read });
    expect(text && [...text.matchAll(/START=(\d+)/g)].map(([, start]) => start)).toEqual(starts);
  });
});

describe('tags of levels', () => {
  it('are a show, a season and an episode in other containers, and come back', () => {
    const tags = { show: 'The Show', season_number: '3', episode_sort: '7', artist: 'of the film' };
    const written = writtenTags(
      Object.entries(tags).map(([name, value]) => ({ as: name.toUpperCase(), value, language: undefined })),
    );
    expect(written).toHaveLength(4);
    expect(Object.fromEntries(filmTags(written).map(({ name, value }) => [name, value]))).toEqual(tags);
    expect(textIn(textElement(MKV.TagName, 'x\0y'))).toBe('x');
  });
});
