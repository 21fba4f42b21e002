import PQueue from 'p-queue';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Route } from '../../core/job/route.ts';
import type { Dispatcher } from '../../core/ports/dispatcher.ts';

export type InProcess = Dispatcher & {
  /** When all that was sent so far has been worked on. */
  idle(): Promise<void>;
};

/** Works on jobs in this process, so many at once. What a job's work throws is told to `report`, and only there. */
export function inProcessDispatcher(
  work: (job: Job, route: Route) => Promise<void>,
  { atOnce, report }: { readonly atOnce: number; readonly report: (error: unknown) => void },
): InProcess {
  const queue = new PQueue({ concurrency: atOnce });
  const sent = new Set<string>();
  const referenceOf = (job: Job) => `process:${dispatchName(job)}`;
  return {
    async dispatch(job, route) {
      const reference = referenceOf(job);
      sent.add(reference);
      void queue.add(() => work(job, route).catch(report));
      return { reference };
    },
    async find(job) {
      const reference = referenceOf(job);
      return sent.has(reference) ? { reference } : undefined;
    },
    idle: () => queue.onIdle(),
  };
}
