import { expect, it } from '@jest/globals';
import { shareOf, workWords } from '../../../../web/src/jobs/job-progress.ts';
import { titleOf } from '../../../../web/src/title.ts';
import { job, running } from '../../../support/page-answers.ts';

const half = {
  id: '1',
  path: 'a.mov',
  bytes: 100,
  modifiedMs: 0,
  recipe: 'preserve',
  settings: {},
  begun: undefined,
  state: { status: 'sending', trouble: undefined },
  sentBytes: 50,
  moments: [],
} as const;

it.each([
  { of: 'a job in the queue', work: job(1, { state: 'queued' }), share: undefined },
  { of: 'one that has ended', work: job(1), share: 1 },
  { of: 'segments alone, as on AWS', work: job(1, { state: 'running', segments: { done: 3, total: 4 } }), share: 0.75 },
  {
    of: 'renditions, of which one is encoded',
    work: running,
    share: (1 + 1210 / 3000 + 0) / 3,
  },
  {
    of: 'the last moment, and never all of it before it is done',
    work: job(1, { state: 'verifying', segments: { done: 4, total: 4 } }),
    share: 0.99,
  },
])('tells how far: $of', ({ work, share }) => {
  expect(shareOf(work)?.toFixed(6)).toBe(share?.toFixed(6));
});

it('says what is done, in words', () => {
  expect(workWords(running)).toBe('encoding hd at 2.4×');
});

it.each([
  { of: 'nothing', jobs: [], uploads: [], title: 'Reelmill' },
  { of: 'jobs', jobs: [running, job(2, { state: 'queued' })], uploads: [], title: '23 % · 2 jobs · Reelmill' },
  { of: 'uploads before jobs', jobs: [running], uploads: [half], title: '50 % · 1 upload · Reelmill' },
])('has $of in the title of the tab', ({ jobs, uploads, title }) => {
  expect(titleOf(jobs, uploads)).toBe(title);
});
