import { expect, it } from '@jest/globals';
import { walkDetails, walkSummary } from '../../../core/stack-report/walked-share.ts';

const none = { good: 0, agrees: 0, unsummed: 0, missing: 0, changed: 0, corrupt: 0, unreadable: 0, undecodable: 0 };
const bad = ['a', 'b', 'c', 'd'].map((key) => ({ key: `output/${key}.mp4`, fixity: 'missing' as const }));

it.each([
  [
    { months: 12, isWhole: true, counts: { ...none, agrees: 100 }, bad: [] },
    'of the archive, 1/12 of it looked at (100 files by their stored sums, bits not read): nothing missing or changed',
  ],
  [
    { months: 12, isWhole: true, counts: { ...none, agrees: 96, missing: 9, changed: 1, unsummed: 2 }, bad },
    'of the archive, 1/12 of it looked at (108 files by their stored sums, bits not read): 9 missing, 1 changed: output/a.mp4, output/b.mp4, output/c.mp4, and 7 more, 2 without a sum to compare',
  ],
  [
    {
      months: 3,
      isWhole: false,
      counts: { ...none, unreadable: 1 },
      bad: [{ key: 'x'.repeat(1000), fixity: 'unreadable' as const }],
    },
    `of the archive, 1/3 of it looked at (1 files by their stored sums, bits not read): 1 unreadable: ...${'x'.repeat(197)}; the time ended before the share did: raise verifyMonths`,
  ],
])('says of a walk %#', (walked, sentence) => expect(walkSummary(walked)).toBe(sentence));

it('names each file with what is wrong', () => {
  expect(walkDetails({ months: 1, isWhole: true, counts: none, bad })).toEqual(bad.map(({ key }) => [key, 'missing']));
});
