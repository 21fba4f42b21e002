import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { burstOf } from '../../core/dispatch/burst.ts';
import { NO_ESCALATION, type Route, routeOf } from '../../core/dispatch/route.ts';
import type { Dispatcher } from '../../core/ports/dispatcher.ts';
import { needsOfJob } from '../../core/recipes/needs-of.ts';
import { newJob } from '../fixtures/new-job.ts';

export type OpenDispatcher = () => Promise<{ dispatcher: Dispatcher; close(): Promise<void> }>;

const short = { bytes: 3_000_000, pixels: 1920 * 1080, durationSeconds: 2 };
const routes: readonly { what: string; route: Route }[] = [
  { what: 'a short job', route: routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), short) },
  {
    what: 'one on demand',
    route: routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), short, { larger: 0, market: 'on-demand' }),
  },
  {
    what: 'a long job',
    route: routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), { ...short, durationSeconds: 7_200 }),
  },
  {
    what: 'one that only a volume of 500 GiB holds',
    route: routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), { ...short, bytes: 80e9 }),
  },
  { what: 'a short one for a GPU', route: routeOf(needsOfJob({ recipe: 'upscale', settings: {} }), short) },
];

/** What everything does that sends jobs to be worked on. */
export function dispatcherContract(name: string, open: OpenDispatcher): void {
  describe(`${name} as a dispatcher`, () => {
    let dispatcher: Dispatcher;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ dispatcher, close } = await open());
    });
    afterAll(() => close());

    it.each(routes)('finds $what again by what it was sent as', async ({ what, route }) => {
      const job = newJob(`${what}.mov`);
      expect(await dispatcher.find(job, route)).toBeUndefined();
      const sent = await dispatcher.dispatch(job, route);
      expect(sent.reference).not.toBe('');
      expect(await dispatcher.find(job, route)).toEqual(sent);
    });

    it.each(routes)('does not take $what, queued again, for the one before', async ({ what, route }) => {
      const job = newJob(`again ${what}.mov`);
      const first = await dispatcher.dispatch(job, route);
      const again = { ...job, updatedMs: job.updatedMs + 1 };
      expect(await dispatcher.find(again, route)).toBeUndefined();
      const second = await dispatcher.dispatch(again, route);
      expect(second.reference).not.toBe(first.reference);
      expect(await dispatcher.find(job, route)).toEqual(first);
    });

    it.each(routes)('knows what became of $what', async ({ what, route }) => {
      const { reference } = await dispatcher.dispatch(newJob(`progress of ${what}.mov`), route);
      expect(['waiting', 'running', 'ended']).toContain((await dispatcher.progress(reference)).status);
    });

    describe('of a burst', () => {
      const needs = needsOfJob({ recipe: 'preserve', settings: {} });
      const route = routeOf(needs, short);

      /** What each job is known by once it is sent, and by its row. */
      async function send(name: string, containers: readonly number[]) {
        const jobs = containers.map((count, at) =>
          Array.from({ length: count }, (_, i) => newJob(`${name} ${at} ${i}.mov`)),
        );
        const ready = jobs.map((each) =>
          each.map((job) => ({ job, needs, facts: short, route, escalation: NO_ESCALATION })),
        );
        const [first] = ready.flat();
        if (!first) throw new Error('a burst has jobs');
        const burst = burstOf(first, ready);
        const noted = jobs.map((each, index) =>
          each.map((job) => ({ ...job, burst: { name: burst.name, index, of: containers.length } })),
        );
        for (const job of noted.flat()) expect(await dispatcher.find(job, route)).toBeUndefined();
        return { noted, sent: await dispatcher.dispatchTogether(burst) };
      }

      it.each([
        { what: 'one container', containers: [3] },
        { what: 'an array of containers', containers: [2, 1, 3] },
      ])('in $what finds each job again by its note, and knows what became of it', async ({ what, containers }) => {
        const { noted, sent } = await send(what, containers);
        expect(sent.map((each) => each.length)).toEqual(containers);
        for (const [index, jobs] of noted.entries()) {
          for (const [i, job] of jobs.entries()) {
            const reference = sent[index]?.[i]?.reference ?? '';
            expect(await dispatcher.find(job, route)).toEqual({ reference });
            expect(['waiting', 'running', 'ended']).toContain((await dispatcher.progress(reference)).status);
          }
        }
        const ofContainers = sent.map((each) => each.map(({ reference }) => reference).join());
        expect(new Set(ofContainers).size).toBe(containers.length);
      });

      it('does not take a job that was queued again for the one before', async () => {
        const { noted, sent } = await send('again', [2]);
        const [{ burst: _, ...job } = newJob('none.mov')] = noted.flat();
        const again = { ...job, updatedMs: job.updatedMs + 1 };
        expect(await dispatcher.find(again, route)).toBeUndefined();
        const alone = await dispatcher.dispatch(again, route);
        expect(sent.flat().map(({ reference }) => reference)).not.toContain(alone.reference);
        expect(await dispatcher.find(again, route)).toEqual(alone);
      });
    });

    it('knows nothing of what it never sent', async () => {
      expect(await dispatcher.progress('01234567-89ab-cdef-0123-456789abcdef')).toEqual({ status: 'unknown' });
    });

    it('tells jobs apart', async () => {
      const route = routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), short);
      const references = [];
      for (const source of ['x.mov', 'X.mov', 'x .mov']) {
        references.push((await dispatcher.dispatch(newJob(source), route)).reference);
      }
      expect(new Set(references).size).toBe(3);
    });
  });
}
