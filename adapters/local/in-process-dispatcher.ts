import PQueue from 'p-queue';
import type { Route } from '../../core/dispatch/route.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Dispatcher, Progress } from '../../core/ports/dispatcher.ts';

export type InProcess = Dispatcher & {
  /** When all that was sent so far has been worked on. */
  idle(): Promise<void>;
};

/** Works on jobs in this process, so many at once, and of those that wait on the most wanted first. What a job's work throws is told to `report`, and only there. */
export function inProcessDispatcher(
  work: (job: Job, route: Route) => Promise<void>,
  {
    atOnce,
    clock,
    report,
  }: { readonly atOnce: number; readonly clock: Clock; readonly report: (error: unknown) => void },
): InProcess {
  const queue = new PQueue({ concurrency: atOnce });
  const sent = new Map<string, Progress>();
  const referenceOf = (job: Job) => `process:${dispatchName(job)}`;
  return {
    async dispatch(job, route) {
      const reference = referenceOf(job);
      sent.set(reference, { status: 'waiting', sinceMs: clock.now() });
      void queue.add(
        async () => {
          sent.set(reference, { status: 'running' });
          await work(job, route).catch(report);
          sent.set(reference, { status: 'ended' });
        },
        { priority: job.priority ?? 0 },
      );
      return { reference };
    },
    async progress(reference) {
      return sent.get(reference) ?? { status: 'unknown' };
    },
    async find(job) {
      const reference = referenceOf(job);
      return sent.has(reference) ? { reference } : undefined;
    },
    idle: () => queue.onIdle(),
  };
}
