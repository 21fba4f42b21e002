import { dispatchName, type Job } from '../core/job/job.ts';
import { NO_AMENDS, routeOf, type SourceFacts } from '../core/job/route.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Dispatcher } from '../core/ports/dispatcher.ts';
import type { JobStore } from '../core/ports/job-store.ts';
import type { Once } from '../core/ports/once.ts';

export type SendPorts = {
  readonly jobs: JobStore;
  readonly dispatcher: Dispatcher;
  readonly once: Once;
  readonly clock: Clock;
};

/** Longer than a function may take to send, shorter than the queue waits before it delivers again. */
const TURN_MS = 90_000;

export const isUnsent = (job: Job): boolean => job.state.status === 'queued' && job.sent === undefined;

/** Sends a job that this call has just queued; false if another was faster. */
export const sendNew = (job: Job, facts: SourceFacts, ports: SendPorts): Promise<boolean> =>
  inTurn(job, ports, () => send(job, facts, ports));

/**
 * Sends a queued job that whoever queued it may have been cut off from sending, or from noting that it did: looks for
 * what was sent before it sends again. False if it was sent, or another is at it.
 */
export const sendAgain = (job: Job, facts: SourceFacts, ports: SendPorts): Promise<boolean> =>
  inTurn(job, ports, async () => {
    const now = await ports.jobs.get(job.id);
    if (!now || !isUnsent(now) || dispatchName(now) !== dispatchName(job)) return false;
    return send(now, facts, ports, await ports.dispatcher.find(now, routeFor(now, facts)));
  });

async function send(job: Job, facts: SourceFacts, ports: SendPorts, found?: { readonly reference: string }) {
  const { reference } = found ?? (await ports.dispatcher.dispatch(job, routeFor(job, facts)));
  await ports.jobs.note(job.id, { sent: { reference, amends: amendsOf(job), atMs: ports.clock.now() } });
  return true;
}

const amendsOf = ({ state }: Job) => (state.status === 'queued' ? state.amends : undefined) ?? NO_AMENDS;
const routeFor = (job: Job, facts: SourceFacts) => routeOf(job, facts, amendsOf(job));

/** One at a time for each time a job is queued. Who fails gives the turn up at once, who dies does so after a while. */
async function inTurn(job: Job, { once, clock }: SendPorts, work: () => Promise<boolean>): Promise<boolean> {
  const turn = `send ${dispatchName(job)}`;
  const now = clock.now();
  if ((await once.begin(turn, now + TURN_MS, now)) !== 'mine') return false;
  try {
    return await work();
  } catch (error) {
    await once.giveUp(turn);
    throw error;
  }
}
