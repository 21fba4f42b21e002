import { expect, it } from '@jest/globals';
import { inProcessDispatcher } from '../../../adapters/local/in-process-dispatcher.ts';
import { systemClock } from '../../../adapters/local/system-clock.ts';
import { routeOf } from '../../../core/job/route.ts';
import { needsOfJob } from '../../../core/recipes/needs-of.ts';
import { dispatcherContract } from '../../contracts/dispatcher.ts';
import { newJob } from '../../fixtures/new-job.ts';

const route = routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), { bytes: 1, pixels: 1, durationSeconds: 1 });

dispatcherContract('a process', async () => {
  const dispatcher = inProcessDispatcher(async () => {}, { atOnce: 1, clock: systemClock, report: () => {} });
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
  const dispatcher = inProcessDispatcher(work, { atOnce: 2, clock: systemClock, report: () => {} });
  for (const name of ['a', 'b', 'c', 'd', 'e']) await dispatcher.dispatch(newJob(name), route);
  await dispatcher.idle();
  expect(done.map((source) => source.at(-1))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(most).toBe(2);
});

it('tells of work that threw and goes on with the next', async () => {
  const reports: unknown[] = [];
  const done: string[] = [];
  const work = async ({ source }: { source: string }) => {
    if (source.endsWith('a')) throw new Error('this one is bad');
    done.push(source);
  };
  const dispatcher = inProcessDispatcher(work, {
    atOnce: 1,
    clock: systemClock,
    report: (error) => reports.push(error),
  });
  await dispatcher.dispatch(newJob('a'), route);
  await dispatcher.dispatch(newJob('b'), route);
  await dispatcher.idle();
  expect(done).toEqual(['input/preserve/b']);
  expect(reports).toEqual([new Error('this one is bad')]);
});

it('works on the most wanted of those that wait first', async () => {
  const done: (string | undefined)[] = [];
  const work = async ({ source }: { source: string }) => {
    done.push(source.at(-1));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const dispatcher = inProcessDispatcher(work, { atOnce: 1, clock: systemClock, report: () => {} });
  const jobs = [newJob('a'), newJob('b'), newJob('c', { priority: 2 }), newJob('d', { priority: 100 })];
  for (const job of jobs) await dispatcher.dispatch(job, route);
  await dispatcher.idle();
  expect(done).toEqual(['a', 'd', 'c', 'b']);
});
