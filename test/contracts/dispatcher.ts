import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Route, routeOf } from '../../core/dispatch/route.ts';
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
