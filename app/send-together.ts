import { type Burst, burstsOf, mayShare } from '../core/dispatch/burst.ts';
import type { JobId } from '../core/job/job.ts';
import {
  type FoundJob,
  giveUpTurn,
  inTurn,
  noteSent,
  readyToSend,
  type SendJob,
  type SendPorts,
  sendReady,
  unsentNow,
} from './send-job.ts';

/** Sends jobs that came together: small ones are gathered until `sendAll`, all others are sent at once. */
export type Together = {
  readonly send: SendJob;
  /**
   * Sends what was gathered, several jobs to a container; one that is alone goes as ever. Returns those that could not be sent, with
   * the errors: a later delivery can send them.
   */
  sendAll(): Promise<ReadonlyMap<JobId, unknown>>;
};

export function together(ports: SendPorts): Together {
  const gathered: FoundJob[] = [];
  return {
    send: (job, how) =>
      inTurn(job, ports, async () => {
        const now = how === 'new' ? job : await unsentNow(job, ports);
        if (!now) return 'elsewhere';
        const ready = await readyToSend(now, ports, how);
        if (typeof ready === 'string') return ready;
        if (ready.found || !mayShare(ready)) return sendReady(ready, ports);
        gathered.push(ready);
        return 'gathered';
      }),
    async sendAll() {
      const failed = new Map<JobId, unknown>();
      for (const burst of burstsOf(gathered.splice(0), ports.disks)) {
        await sendBurst(burst, ports).catch(async (error: unknown) => {
          for (const { job } of burst.containers.flat()) {
            failed.set(job.id, error);
            await giveUpTurn(job, ports).catch(() => {}); // it expires
          }
        });
      }
      return failed;
    },
  };
}

async function sendBurst(burst: Burst<FoundJob>, ports: SendPorts): Promise<void> {
  const { name, containers } = burst;
  const of = containers.length;
  const [first, ...more] = containers.flat();
  if (first && more.length === 0) return void (await sendReady(first, ports));
  // Noted before it is sent: whoever finds that a sender died looks for the burst by it, and so do the containers for their jobs.
  for (const [index, jobs] of containers.entries())
    await Promise.all(jobs.map(({ job }) => ports.jobs.note(job.id, { burst: { name, index, of } })));
  const sent = await ports.dispatcher.dispatchTogether(burst);
  for (const [index, jobs] of containers.entries()) {
    const references = sent[index] ?? [];
    await Promise.all(
      jobs.map((ready, at) => noteSent(ready, references[at]?.reference ?? '', ports, jobs.length)),
    );
  }
}
