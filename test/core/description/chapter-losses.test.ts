import { describe, expect, it } from '@jest/globals';
import { newElement, textElement, uintElement } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import { chapterLosses, hiddenInWebm } from '../../../core/description/chapter-losses.ts';

const name = (title: string) => newElement(MKV.ChapterDisplay, textElement(MKV.ChapString, title));
const atom = (...parts: readonly Buffer[]) =>
  newElement(MKV.ChapterAtom, uintElement(MKV.ChapterTimeStart, 0), ...parts);
const edition = (...atoms: readonly Buffer[]) => newElement(MKV.EditionEntry, ...atoms);
const chapters = (...editions: readonly Buffer[]) => newElement(MKV.Chapters, ...editions);
const span = (start: number, end: number) =>
  newElement(MKV.ChapterAtom, uintElement(MKV.ChapterTimeStart, start), uintElement(MKV.ChapterTimeEnd, end));
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
    ['no edition', chapters(), [], []],
  ])('is told of %s', (_, element, inMp4, inWebm) => {
    const count = ({ why }: { readonly why: string }) => /: (\d+)/.exec(why)?.[1];
    expect(chapterLosses(element).map((fate) => [fate.name, count(fate)])).toEqual(inMp4);
    expect(hiddenInWebm(element).map(count)).toEqual(inWebm);
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
