import { NO_ESCALATION, routeOf } from '../core/dispatch/route.ts';
import { dispatchName, type Job } from '../core/job/job.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Dispatcher } from '../core/ports/dispatcher.ts';
import type { Headers } from '../core/ports/inbox.ts';
import type { JobStore } from '../core/ports/job-store.ts';
import type { Once } from '../core/ports/once.ts';
import { needsOfJob } from '../core/recipes/needs-of.ts';

export type SendPorts = {
  readonly jobs: JobStore;
  readonly dispatcher: Dispatcher;
  readonly once: Once;
  readonly clock: Clock;
  readonly inbox: Headers;
};

/** Longer than a function may take to send a job, and shorter than the queue waits before it delivers again. */
const TURN_MS = 90_000;

export const isUnsent = (job: Job): boolean => job.state.status === 'queued' && job.sent === undefined;

/** elsewhere: the job was sent before, or another process sends it. gone: the source no longer exists. */
type Sending = 'sent' | 'elsewhere' | 'gone';

/** Hands a job to a dispatcher. `new` means that this call has just queued the job, `again` that it existed before. */
export type SendJob = (job: Job, how: 'new' | 'again') => Promise<Sending>;

/**
 * Returns a function that sends jobs to machines that outlive this process. Each sending is recorded, and happens once.
 */
export const sender =
  (ports: SendPorts): SendJob =>
  (job, how) =>
    how === 'new' ? sendNew(job, ports) : sendAgain(job, ports);

/** Sends a job that this call has just queued. */
const sendNew = (job: Job, ports: SendPorts): Promise<Sending> => inTurn(job, ports, () => send(job, ports, 'new'));

/**
 * Sends a queued job whose sender may have died before it sent the job or recorded that: looks for an earlier sending
 * first.
 */
export const sendAgain = (job: Job, ports: SendPorts): Promise<Sending> =>
  inTurn(job, ports, async () => {
    const now = await ports.jobs.get(job.id);
    if (!now || !isUnsent(now) || dispatchName(now) !== dispatchName(job)) return 'elsewhere';
    return send(now, ports, 'again');
  });

async function send(job: Job, { inbox, dispatcher, jobs, clock }: SendPorts, how: 'new' | 'again'): Promise<Sending> {
  const facts = await inbox.measure(job.source);
  if (!facts) return 'gone';
  const escalation = (job.state.status === 'queued' ? job.state.escalation : undefined) ?? NO_ESCALATION;
  const route = routeOf(needsOfJob(job), facts, escalation);
  const found = how === 'again' ? await dispatcher.find(job, route) : undefined;
  const { reference } = found ?? (await dispatcher.dispatch(job, route));
  await jobs.note(job.id, { sent: { reference, escalation, atMs: clock.now() } });
  return 'sent';
}

/**
 * Lets one process at a time send a job. A process that fails releases its turn at once; that of a dead process expires.
 */
async function inTurn(job: Job, { once, clock }: SendPorts, work: () => Promise<Sending>): Promise<Sending> {
  const turn = `send ${dispatchName(job)}`;
  const now = clock.now();
  if ((await once.begin(turn, now + TURN_MS, now)) !== 'mine') return 'elsewhere';
  try {
    return await work();
  } catch (error) {
    await once.giveUp(turn);
    throw error;
  }
}
