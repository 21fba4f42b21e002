import { describe, expect, it } from '@jest/globals';
import { inProcessDispatcher } from '../../../adapters/local/in-process-dispatcher.ts';
import { systemClock } from '../../../adapters/shared/system-clock.ts';
import { routeOf } from '../../../core/dispatch/route.ts';
import type { Job } from '../../../core/job/job.ts';
import { needsOfJob } from '../../../core/recipes/needs-of.ts';
import { dispatcherContract } from '../../contracts/dispatcher.ts';
import { newJob } from '../../fixtures/new-job.ts';

const fewerThan = (most: number) => (_: Job, running: readonly Job[]) => running.length < most;

const route = routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), { bytes: 1, pixels: 1, durationSeconds: 1 });

dispatcherContract('a process', async () => {
  const dispatcher = inProcessDispatcher(async () => {}, {
    mayBegin: fewerThan(1),
    clock: systemClock,
    report: () => {},
  });
  return { dispatcher, close: () => dispatcher.idle() };
});

it('works on each job that was sent, no more at once than asked for', async () => {
  let now = 0;
  let most = 0;
  const done: string[] = [];
  const work = async ({ source }: { source: string }) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    done.push(source);
    now--;
  };
  const dispatcher = inProcessDispatcher(work, { mayBegin: fewerThan(2), clock: systemClock, report: () => {} });
  for (const name of ['a', 'b', 'c', 'd', 'e']) await dispatcher.dispatch(newJob(name), route);
  await dispatcher.idle();
  expect(done.map((source) => source.at(-1))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(most).toBe(2);
});

it('reports a job that threw and goes on with the next', async () => {
  const reports: unknown[] = [];
  const done: string[] = [];
  const work = async ({ source }: { source: string }) => {
    if (source.endsWith('a')) throw new Error('this one is bad');
    done.push(source);
  };
  const dispatcher = inProcessDispatcher(work, {
    mayBegin: fewerThan(1),
    clock: systemClock,
    report: (error) => reports.push(error),
  });
  await dispatcher.dispatch(newJob('a'), route);
  await dispatcher.dispatch(newJob('b'), route);
  await dispatcher.idle();
  expect(done).toEqual(['input/preserve/b']);
  expect(reports).toEqual([new Error('this one is bad')]);
});

it('runs the waiting job with the highest priority first', async () => {
  const done: (string | undefined)[] = [];
  const work = async ({ source }: { source: string }) => {
    done.push(source.at(-1));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const dispatcher = inProcessDispatcher(work, { mayBegin: fewerThan(1), clock: systemClock, report: () => {} });
  const jobs = [newJob('a'), newJob('b'), newJob('c', { priority: 2 }), newJob('d', { priority: 100 })];
  for (const job of jobs) await dispatcher.dispatch(job, route);
  await dispatcher.idle();
  expect(done).toEqual(['a', 'd', 'c', 'b']);
});

describe('the queue of waiting jobs', () => {
  type Wanted = Readonly<Record<string, number>>;
  const nameOf = ({ source }: { readonly source: string }) => source.at(-1) ?? '';
  function held(wanted: Wanted, onWork: (name: string) => void = () => {}) {
    const done: string[] = [];
    const now = new Map(Object.entries(wanted));
    const work = async (job: Job) => {
      await new Promise((resolve) => setImmediate(resolve));
      done.push(nameOf(job));
      onWork(nameOf(job));
    };
    const dispatcher = inProcessDispatcher(work, {
      ...{ mayBegin: fewerThan(1), clock: systemClock, report: () => {}, isHeld: true },
      priorities: async (jobs) => jobs.map((job) => now.get(nameOf(job)) ?? 0),
    });
    return { done, now, dispatcher };
  }

  it('gives the highest priority first, and equals in the order they came', async () => {
    const { done, dispatcher } = held({ b: 3, d: 100, e: 3 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await dispatcher.dispatch(newJob(name), route);
    expect(done).toEqual([]);
    dispatcher.start();
    await dispatcher.idle();
    expect(done).toEqual(['d', 'b', 'e', 'a', 'c']);
  });

  it('lets a later job with a higher priority go first', async () => {
    const { done, dispatcher } = held({ u: 50 }, (name) => {
      if (name === 'a') void dispatcher.dispatch(newJob('u'), route);
    });
    for (const name of ['a', 'b', 'c']) await dispatcher.dispatch(newJob(name), route);
    dispatcher.start();
    await dispatcher.idle();
    expect(done).toEqual(['a', 'u', 'b', 'c']);
  });

  it('asks for priorities again before each job', async () => {
    const { done, now, dispatcher } = held({ a: 9 }, (name) => {
      if (name === 'a') now.set('c', 5);
    });
    for (const name of ['a', 'b', 'c']) await dispatcher.dispatch(newJob(name), route);
    dispatcher.start();
    await dispatcher.idle();
    expect(done).toEqual(['a', 'c', 'b']);
  });

  it('runs a job that comes after the queue was empty', async () => {
    const { done, dispatcher } = held({});
    dispatcher.start();
    await dispatcher.idle();
    await dispatcher.dispatch(newJob('l'), route);
    await dispatcher.idle();
    expect(done).toEqual(['l']);
  });

  it('runs a job once that is sent twice, as it was asked for last', async () => {
    const crfs: unknown[] = [];
    const work = async ({ settings }: Job) => void crfs.push(settings.crf);
    const dispatcher = inProcessDispatcher(work, {
      mayBegin: fewerThan(1),
      clock: systemClock,
      report: () => {},
      isHeld: true,
    });
    const first = await dispatcher.dispatch(newJob('a', { settings: { crf: 23 } }), route);
    await dispatcher.dispatch(newJob('b', { settings: { crf: 25 } }), route);
    await dispatcher.dispatch(newJob('a', { settings: { crf: 24 }, updatedMs: 2 }), route);
    expect(await dispatcher.progress(first.reference)).toEqual({ status: 'ended' });
    dispatcher.start();
    await dispatcher.idle();
    expect(crfs).toEqual([24, 25]);
  });
});

it('lets no job begin before one that waits in front of it, and begins it when those that run have ended', async () => {
  const happened: string[] = [];
  const ends = new Map<string, () => void>();
  const work = async ({ source }: Job) => {
    const name = source.at(-1) ?? '';
    happened.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    happened.push(`${name} ends`);
  };
  const isLarge = ({ source }: Job) => source.endsWith('L');
  const mayBegin = (job: Job, running: readonly Job[]) => running.length === 0 || ![job, ...running].some(isLarge);
  const dispatcher = inProcessDispatcher(work, { mayBegin, clock: systemClock, report: () => {} });
  for (const name of ['a', 'b', 'L', 'c']) await dispatcher.dispatch(newJob(name), route);
  const ending = async (name: string) => {
    while (!ends.has(name)) await new Promise((resolve) => setImmediate(resolve));
    ends.get(name)?.();
  };
  for (const name of ['b', 'a', 'L']) await ending(name);
  await dispatcher.begun();
  await ending('c');
  await dispatcher.idle();
  expect(happened).toEqual(['a begins', 'b begins', 'b ends', 'a ends', 'L begins', 'L ends', 'c begins', 'c ends']);
});
