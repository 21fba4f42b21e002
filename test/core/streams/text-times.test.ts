import { expect, it } from '@jest/globals';
import { sharedInMp4, shownTogether, textsInFile } from '../../../core/streams/text-times.ts';
import { whyNotInMp4 } from '../../../core/streams/texts-in-mp4.ts';

it.each([
  { of: 'no text', times: [], shown: [] },
  { of: 'texts one after the other', times: [1, 2, 2, 3], shown: ['1-2 0', '2-3 1'] },
  { of: 'texts in another order', times: [4, 5, 1, 2], shown: ['1-2 1', '4-5 0'] },
  { of: 'texts that overlap', times: [1, 3, 2, 4], shown: ['1-2 0', '2-3 01', '3-4 1'] },
  { of: 'texts at once', times: [1, 3, 1, 3], shown: ['1-3 01'] },
  { of: 'a text within another', times: [1, 4, 2, 3], shown: ['1-2 0', '2-3 01', '3-4 0'] },
  { of: 'texts without an end', times: [1, Number.NaN, 1, Number.NaN, 3, Number.NaN], shown: ['1-3 01', '3-8 2'] },
  { of: 'a text without a length', times: [1, 1], shown: ['1-1.0001 0'] },
])('$of are shown in MP4 one at a time, and none is lost', ({ times, shown }) => {
  const texts = textsInFile(times).map((time, i) => ({ ...time, name: i }));
  const found = shownTogether(texts)?.map(
    ({ begins, ends, texts: together }) => `${begins}-${ends} ${together.map(({ name }) => name).join('')}`,
  );
  expect(found).toEqual(shown);
});

it('texts that are all shown all the time are no track of MP4', () => {
  const times = Array.from({ length: 5000 }, (_, i) => [i / 1000, 10]).flat();
  expect(whyNotInMp4(times)).toBe('MP4 shows one text at a time, and too many of its texts overlap');
  expect(whyNotInMp4(times.slice(0, 200))).toBeUndefined();
});

it.each([
  { of: 'no text', times: [], told: '' },
  { of: 'texts one after the other', times: [1, 2, 2, 3, 3.5, Number.NaN, 4, 5], told: '' },
  {
    of: 'texts that overlap',
    times: [1, 3, 2, 4, 5, 6],
    told: '; MP4 shows one text at a time: 2 of its 3 are shown together with others, as lines of one text',
  },
])('what MP4 shows of $of is told', ({ times, told }) => {
  expect(sharedInMp4(textsInFile(times))).toBe(told);
});
