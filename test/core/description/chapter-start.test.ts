import { describe, expect, it } from '@jest/globals';
import { boxByPath, boxesOf } from '../../../core/bytes/boxes.ts';
import { editListBox, editsIn, type TrackEdit } from '../../../core/bytes/edit-list-box.ts';
import { runsIn, timesTable } from '../../../core/bytes/opus-end.ts';
import { withChapterStart } from '../../../core/description/chapter-start.ts';
import { box, u8, u32, u64 } from '../../fixtures/craft.ts';

const SCALE = 1000;
const NORMAL = 0x1_0000;
const header = (type: string, id = 0) => box(type, u32(0), u32(0), u32(0), u32(id || SCALE), u32(0), Buffer.alloc(64));

function movie(first: bigint | undefined, edits: readonly TrackEdit[] = [{ lasts: 2000, from: 0 }]): Buffer {
  const stbl = box('stbl', timesTable([{ count: 2, ticks: 1000 }]));
  const texts = box(
    'trak',
    header('tkhd', 2),
    box('edts', editListBox(edits)),
    box('mdia', header('mdhd'), box('minf', stbl)),
  );
  const picture = box('trak', header('tkhd', 1), box('tref', box('chap', u32(2))));
  const chapter = (start: bigint, title: string) => [u64(start), u8(title.length), Buffer.from(title)];
  const entries = [...chapter(first ?? 0n, 'One'), ...chapter(10_000_000n, 'Two')];
  const list = box('chpl', u8(1, 0, 0, 0), u32(0), u8(2), ...entries);
  return box('moov', header('mvhd'), picture, texts, ...(first === undefined ? [] : [box('udta', list)]));
}

function timesOf(moov: Buffer) {
  const [movie] = boxesOf(moov, 0, moov.length);
  const texts = movie && boxesOf(moov, movie.body, movie.end).filter(({ type }) => type === 'trak')[1];
  const find = (...path: readonly string[]) => texts && boxByPath(moov, texts, ...path);
  const [elst, stts] = [find('edts', 'elst'), find('mdia', 'minf', 'stbl', 'stts')];
  return { edits: elst && editsIn(moov, elst), lasts: stts && runsIn(moov, stts).map(({ ticks }) => ticks) };
}

describe('the track of chapters of which the first begins behind the first picture', () => {
  it('begins with nothing, and its texts keep their times', () => {
    expect(timesOf(withChapterStart(movie(5_000_000n)))).toEqual({
      edits: [
        { lasts: 500, from: -1, rate: NORMAL },
        { lasts: 1500, from: 0, rate: NORMAL },
      ],
      lasts: [500, 1500],
    });
  });

  it('lasts as long as its texts, of which the edit list of a single one leaves out the time before it', () => {
    expect(timesOf(withChapterStart(movie(5_000_000n, [{ lasts: 1500, from: 0 }])))).toMatchObject({
      edits: [
        { lasts: 500, from: -1 },
        { lasts: 1500, from: 0 },
      ],
    });
  });

  it('keeps 7 thousandths of a second', () => {
    expect(timesOf(withChapterStart(movie(70_000n)))).toMatchObject({ lasts: [993, 1007] });
  });

  it.each<[string, Buffer]>([
    ['whose first chapter begins with the film', movie(0n)],
    ['that has no list of chapters', movie(undefined)],
    [
      'whose track begins with nothing already',
      movie(5_000_000n, [
        { lasts: 500, from: -1 },
        { lasts: 1500, from: 0 },
      ]),
    ],
    ['whose list contradicts its track', movie(30_000_000n)],
  ])('stays as it is in a film %s', (_, moov) => {
    expect(withChapterStart(moov)).toEqual(moov);
  });
});
