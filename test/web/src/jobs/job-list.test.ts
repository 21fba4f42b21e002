import { describe, expect, it } from '@jest/globals';
import type { Client } from '../../../../web/src/api/client.ts';
import { jobList, merged } from '../../../../web/src/jobs/job-list.ts';
import { job, manyJobs } from '../../../support/page-answers.ts';

const filter = { state: '', recipe: '', text: '', sort: 'newest' } as const;
const names = (jobs: readonly { readonly name: string }[]) => jobs.map(({ name }) => name);
const film = (n: number, state: 'done' | 'failed' | 'running' = 'done') => job(n, { state });

/** A client over the stand-in for the list of jobs. */
const clientFor = (answer: (query: URLSearchParams) => unknown) =>
  (async (_name: string, { query = {} }: { readonly query?: Readonly<Record<string, string>> } = {}) =>
    answer(new URLSearchParams(query))) as unknown as Client;

describe('the list of jobs', () => {
  it('loads page by page, each job once, to the end', async () => {
    const answer = manyJobs(250);
    const list = jobList(
      filter,
      clientFor((query) => answer({ params: {}, query, body: undefined, authorization: undefined })),
    );
    await list.more();
    expect([list.shown().jobs.length, list.shown().hasMore, list.shown().totals?.jobs]).toEqual([30, true, 250]);
    await list.more();
    await list.more();
    await list.more();
    expect([new Set(names(list.shown().jobs)).size, list.shown().hasMore]).toEqual([250, false]);
  });

  it('asks once while it waits for an answer', async () => {
    let asked = 0;
    const answer = manyJobs(250);
    const list = jobList(
      filter,
      clientFor((query) => {
        asked++;
        return answer({ params: {}, query, body: undefined, authorization: undefined });
      }),
    );
    await Promise.all([list.more(), list.more(), list.refresh()]);
    expect(asked).toBe(1);
  });

  it('keeps what it shows when a later question fails, and says why', async () => {
    let fails = false;
    const answer = manyJobs(10);
    const list = jobList(
      filter,
      clientFor((query) => {
        if (fails) throw new Error('no answer');
        return answer({ params: {}, query, body: undefined, authorization: undefined });
      }),
    );
    await list.more();
    fails = true;
    await list.refresh();
    expect(list.shown().jobs).toHaveLength(10);
    expect(list.shown().failure).toEqual(new Error('no answer'));
  });

  it.each([
    {
      what: 'puts a new one first',
      shown: [film(2), film(1)],
      newest: [film(3), film(2)],
      changes: [film(3)],
      gives: [3, 2, 1],
    },
    {
      what: 'changes one further down',
      shown: [film(3), film(1)],
      newest: [film(3)],
      changes: [film(1, 'failed')],
      gives: [3, 1],
    },
    {
      what: 'takes one away that no longer has the state',
      state: 'done',
      shown: [film(3), film(1)],
      newest: [film(3)],
      changes: [film(1, 'failed')],
      gives: [3],
    },
    {
      what: 'keeps one of the state that is asked for',
      state: 'open',
      shown: [film(3, 'running'), film(1, 'running')],
      newest: [film(3, 'running')],
      changes: [],
      gives: [3, 1],
    },
  ])('$what', ({ state = '', shown, newest, changes, gives }) => {
    const now = merged(shown, { changes, newest, filter: { ...filter, state } });
    expect(names(now)).toEqual(gives.map((n) => `film-${n}.mov`));
  });
});
