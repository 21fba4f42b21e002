import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Job, type JobState, jobIdOf } from '../../core/job/job.ts';
import type { JobListing, JobPosition, JobQuestion, JobSort } from '../../core/ports/job-listing.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { newJob } from '../fixtures/new-job.ts';

export type OpenJobListing = () => Promise<{ store: JobStore; listing: JobListing; close(): Promise<void> }>;

const STATES: readonly JobState[] = [
  { status: 'queued' },
  { status: 'running', segments: { done: 1, total: 4 } },
  { status: 'done', manifest: 'm' },
  { status: 'failed', code: 'truncated', reason: 'short' },
];
const NAMES = [
  'ann/a_1.mov',
  'ann/Holiday 100%.mov',
  'bob/holiday.mov',
  'clip.mov',
  `ann/it's "x".mov`,
  'carl/ann/b.mov',
];

/** Jobs of every state, owner and size; some were created or changed at the same moment. */
const SINGLE: readonly Job[] = Array.from({ length: 24 }, (_, at) => {
  const name = `${at}/${NAMES[at % NAMES.length]}`.replace(/^\d+\/(\w+)\//, `$1/${at}-`);
  const recipe = at % 5 === 0 ? 'vj' : 'preserve';
  const state = STATES[at % STATES.length] ?? { status: 'queued' };
  const figures = { bytesBefore: 1000 + (at % 7), bytesAfter: 500 + at, usd: at / 8 };
  return newJob(name, {
    id: jobIdOf({ store: 'listing', recipe, source: name, version: '' }),
    ...{ recipe, state, source: `input/${recipe}/${name}` },
    ...{ createdMs: 1000 + Math.floor(at / 2), updatedMs: 5000 - Math.floor(at / 3) },
    ...(state.status === 'done' && { figures }),
  });
});

/** One film of which a mix makes two things. */
const OF_A_MIX = ['vj', 'downscale'].map((recipe) =>
  newJob('film.mov', {
    id: jobIdOf({ store: 'listing', recipe, source: 'input/mix/film.mov', version: '' }),
    ...{ recipe, state: { status: 'done', manifest: 'm' }, source: 'input/mix/film.mov' },
    ...{ createdMs: 1100, updatedMs: 5100, figures: { bytesBefore: 1000, bytesAfter: 400, usd: 0 } },
  }),
);
const JOBS: readonly Job[] = [...SINGLE, ...OF_A_MIX];

const bytesOfFilm = (film: string, jobs: readonly Job[]) =>
  jobs.find(({ source }) => source === film)?.figures?.bytesBefore ?? 0;

const ASCII = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Which jobs a question fits, as the documentation says it. */
const fitting = ({ states, recipe, text, owner, changedSinceMs }: JobQuestion) =>
  JOBS.filter(
    (job) =>
      (!states || states.includes(job.state.status)) &&
      (!recipe || job.recipe === recipe) &&
      (!text || ASCII(job.source).includes(ASCII(text))) &&
      (!owner || new RegExp(`^input/[^/]+/${owner}/`).test(job.source)) &&
      (!changedSinceMs || job.updatedMs >= changedSinceMs),
  );

/** What every listing of jobs does, wherever jobs are. */
export function jobListingContract(name: string, open: OpenJobListing): void {
  describe(`${name} as a listing of jobs`, () => {
    let opened: Awaited<ReturnType<OpenJobListing>>;
    beforeAll(async () => {
      opened = await open();
      await Promise.all(JOBS.map((job) => opened.store.create(job)));
    });
    afterAll(() => opened.close());

    async function everyPage(question: JobQuestion, sort: JobSort, limit: number): Promise<readonly Job[]> {
      const jobs: Job[] = [];
      for (let after: JobPosition | undefined, more = true; more; ) {
        const page = await opened.listing.page(question, { sort, limit, after });
        expect(page.jobs.length).toBeLessThanOrEqual(limit);
        jobs.push(...page.jobs);
        after = page.next;
        more = after !== undefined;
      }
      return jobs;
    }

    it.each<{ question: JobQuestion }>([
      { question: {} },
      { question: { states: ['queued', 'running'] } },
      { question: { states: ['done'], recipe: 'vj' } },
      { question: { text: 'HOLIDAY' } },
      { question: { text: '100%' } },
      { question: { text: '_' } },
      { question: { text: `'` } },
      { question: { owner: 'ann' } },
      { question: { owner: 'ann', states: ['failed'] } },
      { question: { changedSinceMs: 4996 } },
      { question: { recipe: 'nothing' } },
    ])('gives and counts all that $question fits', async ({ question }) => {
      const expected = fitting(question);
      const found = await everyPage(question, 'newest', 5);
      expect(found.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
      const totals = await opened.listing.totals(question);
      const sum = (of: (job: Job) => number | undefined) => expected.reduce((all, job) => all + (of(job) ?? 0), 0);
      expect(totals).toEqual({
        jobs: expected.length,
        films: new Set(expected.map(({ source }) => source)).size,
        byState: Object.fromEntries(
          [...new Set(expected.map(({ state }) => state.status))].map((status) => [
            status,
            expected.filter(({ state }) => state.status === status).length,
          ]),
        ),
        bytesBefore: [...new Set(expected.map(({ source }) => source))].reduce(
          (all, film) => all + bytesOfFilm(film, expected),
          0,
        ),
        bytesAfter: sum(({ figures }) => figures?.bytesAfter),
        usd: sum(({ figures }) => figures?.usd),
        isPartial: false,
      });
    });

    it.each<{ sort: JobSort; value: (job: Job) => number }>([
      { sort: 'newest', value: ({ createdMs }) => -createdMs },
      { sort: 'oldest', value: ({ createdMs }) => createdMs },
      { sort: 'changed', value: ({ updatedMs }) => -updatedMs },
      { sort: 'largest', value: ({ figures }) => -(figures?.bytesBefore ?? -1) },
    ])('gives every job once by $sort, page by page', async ({ sort, value }) => {
      const found = await everyPage({}, sort, 7);
      expect(found).toHaveLength(JOBS.length);
      const values = found.map(value);
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(new Set(found.map(({ id }) => id)).size).toBe(JOBS.length);
    });

    it('sees a change at once', async () => {
      const [first] = (await opened.listing.page({}, { sort: 'newest', limit: 1 })).jobs;
      if (!first) throw new Error('no job');
      const before = await opened.listing.totals({ states: ['failed'] });
      await opened.store.advance(first.id, first.state.status, { status: 'failed', code: 'x', reason: 'y' }, 9000);
      const [latest] = (await opened.listing.page({}, { sort: 'changed', limit: 1 })).jobs;
      expect(latest).toMatchObject({ id: first.id, state: { status: 'failed' }, updatedMs: 9000 });
      const after = await opened.listing.totals({ states: ['failed'] });
      expect(after.jobs).toBe(before.jobs + (first.state.status === 'failed' ? 0 : 1));
    });
  });
}
