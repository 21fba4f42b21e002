import { describe, expect, it } from '@jest/globals';
import { newElement, textElement, uintElement } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import { chapterLosses, hiddenInWebm } from '../../../core/description/chapter-losses.ts';

const name = (title: string) => newElement(MKV.ChapterDisplay, textElement(MKV.ChapString, title));
const atom = (...parts: readonly Buffer[]) =>
  newElement(MKV.ChapterAtom, uintElement(MKV.ChapterTimeStart, 0), ...parts);
const edition = (...atoms: readonly Buffer[]) => newElement(MKV.EditionEntry, ...atoms);
const chapters = (...editions: readonly Buffer[]) => newElement(MKV.Chapters, ...editions);
const span = (start: number, end: number, ...inside: readonly Buffer[]) =>
  newElement(
    MKV.ChapterAtom,
    uintElement(MKV.ChapterTimeStart, start),
    uintElement(MKV.ChapterTimeEnd, end),
    ...inside,
  );
const OF_ANOTHER = newElement(MKV.ChapterSegmentUID, Buffer.alloc(16, 7));
const HIDDEN = uintElement(MKV.ChapterFlagHidden, 1);
const DISABLED = uintElement(MKV.ChapterFlagEnabled, 0);

describe("what becomes of Matroska's chapters elsewhere", () => {
  it.each([
    ['plain ones', chapters(edition(atom(name('a')), atom(name('b')))), [], []],
    [
      'a hidden and a nested disabled one',
      chapters(edition(atom(HIDDEN), atom(atom(DISABLED)))),
      [['chapters (hidden)', '2']],
      ['2'],
    ],
    [
      'names in three languages',
      chapters(edition(atom(name('a'), name('b'), name('c')))),
      [['chapters (further names)', '2']],
      [],
    ],
    ['three editions', chapters(edition(atom()), edition(atom(HIDDEN)), edition(atom())), [['editions', '2']], []],
    [
      'an ordered edition that plays in the order of the film',
      chapters(edition(uintElement(MKV.EditionFlagOrdered, 1), span(0, 2e9), span(2e9, 3e9))),
      [],
      [],
    ],
    ['chapters that end where the next ones begin', chapters(edition(span(0, 2e9), span(2e9, 3e9))), [], []],
    ['a list in another order', chapters(edition(span(2e9, 3e9), span(0, 2e9 - 1))), [], []],
    ['a gap', chapters(edition(span(0, 1e9), span(2e9, 3e9))), [['chapters (gaps and overlaps)', undefined]], []],
    ['an overlap', chapters(edition(span(0, 5e9), span(2e9, 3e9))), [['chapters (gaps and overlaps)', undefined]], []],
    [
      'nested chapters that fill their own',
      chapters(edition(span(0, 4e9, span(0, 2e9), span(2e9, 4e9)), span(4e9, 5e9))),
      [],
      [],
    ],
    [
      'a nested chapter that ends before its own',
      chapters(edition(span(0, 4e9, span(0, 2e9)), span(4e9, 5e9))),
      [['chapters (gaps and overlaps)', undefined]],
      [],
    ],
    ['no edition', chapters(), [], []],
    [
      'a chapter of another file, which has no line for what is said inside of it',
      chapters(edition(span(0, 3e9), span(1e9, 2e9, OF_ANOTHER, HIDDEN, atom(HIDDEN)))),
      [['chapters (of other files)', undefined]],
      [undefined],
    ],
  ])('is told of %s', (_, element, inMp4, inWebm) => {
    const count = ({ why }: { readonly why: string }) => /: (\d+)/.exec(why)?.[1];
    expect(chapterLosses(element, 3).map((fate) => [fate.name, count(fate)])).toEqual(inMp4);
    expect(hiddenInWebm(element).map(count)).toEqual(inWebm);
  });

  it('is told of an ordered edition that ends before its film', () => {
    const element = chapters(edition(uintElement(MKV.EditionFlagOrdered, 1), span(0, 2e9), span(2e9, 3e9)));
    expect(chapterLosses(element, 9)).toMatchObject([{ name: 'ordered edition', fate: 'dropped' }]);
  });

  it('is told of an ordered edition without the parts of other files, which have a line of their own', () => {
    const other = span(0, 1e9, OF_ANOTHER, name('Linked'));
    const element = chapters(edition(uintElement(MKV.EditionFlagOrdered, 1), span(2e9, 3e9), other));
    expect(chapterLosses(element)).toEqual([
      expect.objectContaining({
        name: 'ordered edition',
        why: expect.stringMatching(/play 2\.0 to 3\.0 s; MP4 plays/),
      }),
      expect.objectContaining({ name: 'chapters (of other files)', why: expect.stringContaining('"Linked"') }),
    ]);
  });

  it('is told of an ordered edition that plays its parts in another order, with their times', () => {
    const element = chapters(edition(uintElement(MKV.EditionFlagOrdered, 1), span(2e9, 3e9), span(0, 1e9)));
    expect(chapterLosses(element)).toEqual([
      {
        ...{ place: 'movie', name: 'ordered edition', fate: 'dropped' },
        why: expect.stringContaining('play 2.0 to 3.0 s, then 0.0 to 1.0 s; MP4 plays all of the film'),
      },
    ]);
  });
});
