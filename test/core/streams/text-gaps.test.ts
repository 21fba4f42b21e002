import { expect, it } from '@jest/globals';
import { tooWideAGap } from '../../../core/streams/text-gaps.ts';
import { shortenedInMp4 } from '../../../core/streams/text-times.ts';

it.each([
  { of: 'no text', times: [], told: undefined },
  { of: 'texts that are near', times: [1, 2, 1500, 1501], told: undefined },
  { of: 'a text that is long', times: [1, 1900, 2, 3, 1901, 1902], told: undefined },
  { of: 'a first text that is late', times: [3600, 3601], told: '1:00:00' },
  { of: 'texts an hour apart', times: [1, 2, 3602.5, 3603, 3604, 3605], told: '1:00:00' },
  { of: 'a text without an end', times: [1, Number.NaN, 3602.5, 3603], told: '1:00:01' },
])('the gaps of $of are judged', ({ times, told }) => {
  expect(tooWideAGap(times)).toEqual(told && `MP4 would show its texts too early behind ${told} without one`);
});

it.each([
  { of: 'no text', times: [], told: '' },
  { of: 'texts one after the other', times: [1, 2, 2, 3, 3.5, Number.NaN, 4, 5], told: '' },
  {
    of: 'texts that overlap',
    times: [1, 3, 2, 4],
    told: '; MP4 shows one text at a time: 1 of its 2 end where the next one begins',
  },
  {
    of: 'texts at once',
    times: [1, 3, 1, 4, 3, 5],
    told: '; MP4 shows one text at a time: 2 of its 3 end where the next one begins, 1 of them at once',
  },
])('what MP4 shows of $of is told', ({ times, told }) => {
  expect(shortenedInMp4(times)).toBe(told);
});
