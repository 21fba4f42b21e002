import { burstsOf, mayShare } from '../../core/dispatch/burst.ts';
import type { JobId } from '../../core/job/job.ts';
import { giveUpTurn, inTurn, readyToSend, type SendJob, type SendPorts, unsentNow } from './send-job.ts';
import { type FoundJob, sendBurst, sendReady } from './send-ready.ts';

/** Sends jobs that came together: small ones are gathered until `sendAll`, all others are sent at once. */
type Together = {
  readonly send: SendJob;
  /**
   * Sends what was gathered, several jobs to a container; a job that is alone gets a container of its own. Returns those that could not be sent, with
   * the errors: a later delivery can send them.
   */
  sendAll(): Promise<ReadonlyMap<JobId, unknown>>;
};

/** Returns what sends the jobs of one delivery. Jobs that it gathers are sent by `sendAll` alone. */
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
        const [first, ...more] = burst.containers.flat();
        const sending = first && more.length === 0 ? sendReady(first, ports) : sendBurst(burst, ports);
        await sending.catch(async (error: unknown) => {
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
