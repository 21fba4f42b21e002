import { describe, expect, it } from '@jest/globals';
import { chaptersOfTexts, listOfMovie, movieChapterFates } from '../../../core/description/movie-chapters.ts';
import { text, u16 } from '../../fixtures/craft.ts';

const sample = (title: Buffer) => Buffer.concat([u16(title.length), title]);
const wide = Buffer.from([0xfe, 0xff, 0x00, 0xc9]); // "É" in UTF-16
const [one, two] = [
  { from: 0, to: 2, bytes: sample(text('One')) },
  { from: 2, to: 5, bytes: sample(wide) },
];

describe('the chapters of a track of texts', () => {
  it('go on in the next edit, and are named where no edit shows them', () => {
    const shown = [
      { ...two, from: 0, to: 1 },
      { ...two, from: 1, to: 2 },
      { ...two, from: 3, to: 4 },
    ];
    expect(chaptersOfTexts([one, two], shown)).toEqual({
      shown: [
        { from: 0, to: 2, title: 'É' },
        { from: 3, to: 4, title: 'É' },
      ],
      hidden: ['One'],
    });
  });

  it('are written without those behind the film, which are named', () => {
    const chapters = chaptersOfTexts([one, two], [one, two]);
    const list = listOfMovie(chapters, { factor: { num: 25, den: 24 }, filmSeconds: 1.5 });
    expect(list.match(/^(START|END|title)=.*$/gm)).toEqual(['START=0', 'END=1562500000', 'title=One']);
    expect(movieChapterFates(chapters, 1.5)).toMatchObject([
      { name: 'chapters (behind the end)', fate: 'dropped', why: expect.stringContaining('"É"') },
    ]);
  });
});
