import { type Burst, burstOf, type ReadyJob } from '../../core/dispatch/burst.ts';
import type { SpendingStop } from '../../core/plan/spending-stop.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Dispatcher } from '../../core/ports/dispatcher.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { TellPorts } from '../do-once.ts';
import { noteSpending } from './spending.ts';

export type SendReadyPorts = TellPorts & {
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  /** Undefined where a stage has no stop. */
  readonly spending: SpendingStop | undefined;
};

/** A job that can be sent, and where it was found to be already. */
export type FoundJob = ReadyJob & { readonly found: { readonly reference: string } | undefined };

/**
 * Sends a job by itself. One whose note names a burst, of which its sender died before it was sent, makes a burst of one, so that the
 * note does not lie.
 */
export async function sendReady(ready: FoundJob, ports: SendReadyPorts): Promise<'sent'> {
  const { job, route, found } = ready;
  if (!found && job.burst) await sendBurst(burstOf(ready, [[ready]]), ports);
  else await noteSent(ready, (found ?? (await ports.dispatcher.dispatch(job, route))).reference, ports);
  return 'sent';
}

/** Sends the jobs of a burst. */
export async function sendBurst(burst: Burst, ports: SendReadyPorts): Promise<void> {
  const { name, containers } = burst;
  const of = containers.length;
  // Noted before it is sent: whoever finds that a sender died looks for the burst by it, and so do the containers for their jobs.
  for (const [index, jobs] of containers.entries())
    await Promise.all(jobs.map(({ job }) => ports.jobs.note(job.id, { burst: { name, index, of } })));
  const sent = await ports.dispatcher.dispatchTogether(burst);
  for (const [index, jobs] of containers.entries()) {
    const references = sent[index] ?? [];
    await Promise.all(jobs.map((ready, at) => noteSent(ready, references[at]?.reference ?? '', ports, jobs.length)));
  }
}

/** Records that a job was sent, to a container that `films` share, and what that is estimated to cost. */
async function noteSent(ready: ReadyJob, reference: string, ports: SendReadyPorts, films = 1): Promise<void> {
  const { job, escalation, facts, route } = ready;
  await ports.jobs.note(job.id, { sent: { reference, escalation, atMs: ports.clock.now() } });
  await noteSpending(job, { facts, route, films }, ports);
}
