import type { Disks } from '../core/dispatch/disks.ts';
import { NO_ESCALATION, routeOf } from '../core/dispatch/route.ts';
import { dispatchName, type Job } from '../core/job/job.ts';
import type { SpendingStop } from '../core/plan/spending-stop.ts';
import type { Dispatcher } from '../core/ports/dispatcher.ts';
import { needsOfJob } from '../core/recipes/needs-of.ts';
import { type RestorePorts, restoreSource } from './restore-source.ts';
import { isSpent, noteSpending } from './spending.ts';

export type SendPorts = RestorePorts & {
  readonly dispatcher: Dispatcher;
  /** Undefined where a stage has no stop. */
  readonly spending: SpendingStop | undefined;
  /** The disks that the containers of the stack can be given. */
  readonly disks: Disks;
};

/** Longer than a function may take to send a job, and shorter than the queue waits before it delivers again. */
const TURN_MS = 90_000;

/** Whether a job was queued and not sent yet, or waits for its archived source. */
export const isUnsent = (job: Job): boolean =>
  job.state.status === 'restoring' || (job.state.status === 'queued' && job.sent === undefined);

/**
 * elsewhere: the job was sent before, or another process sends it. restoring: its source is archived. held: the month's sum is
 * spent, and the job stays queued. gone: its source no longer exists.
 */
type Sending = 'sent' | 'elsewhere' | 'restoring' | 'held' | 'gone';

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

async function send(job: Job, ports: SendPorts, how: 'new' | 'again'): Promise<Sending> {
  const { inbox, dispatcher, jobs, clock } = ports;
  const { state } = job;
  if (await isSpent(ports)) return 'held';
  const archived = await inbox.archived(job.source);
  if (archived && (state.status === 'queued' || state.status === 'restoring'))
    return (await restoreSource({ ...job, state }, archived, ports)) ? 'restoring' : 'elsewhere';
  if (state.status === 'restoring') return sendRestored({ ...job, state }, ports);
  const facts = await inbox.measure(job.source);
  if (!facts) return 'gone';
  const escalation = (state.status === 'queued' ? state.escalation : undefined) ?? NO_ESCALATION;
  const route = routeOf(needsOfJob(job), facts, escalation, ports.disks);
  const found = how === 'again' ? await dispatcher.find(job, route) : undefined;
  const { reference } = found ?? (await dispatcher.dispatch(job, route));
  await jobs.note(job.id, { sent: { reference, escalation, atMs: clock.now() } });
  await noteSpending(job, { facts, route }, ports);
  return 'sent';
}

/** Queues a job again whose source can be read now, and sends it. */
async function sendRestored(
  job: Job & { readonly state: Extract<Job['state'], { status: 'restoring' }> },
  ports: SendPorts,
): Promise<Sending> {
  const { escalation, asked } = job.state;
  const state = { status: 'queued', ...(escalation && { escalation }), ...(asked && { asked }) } as const;
  const updatedMs = Math.max(ports.clock.now(), job.updatedMs + 1);
  if (!(await ports.jobs.advance(job.id, 'restoring', state, updatedMs))) return 'elsewhere';
  return sendNew({ ...job, state, updatedMs }, ports);
}

/**
 * Lets one process at a time send a job. A process that fails releases its turn at once; that of a dead process expires.
 */
async function inTurn(job: Job, { once, clock }: SendPorts, work: () => Promise<Sending>): Promise<Sending> {
  const turn = `send ${dispatchName(job)}`;
  const now = clock.now();
  if ((await once.begin(turn, now + TURN_MS, now)) !== 'mine') return 'elsewhere';
  try {
    const sending = await work();
    if (sending === 'held') await once.giveUp(turn); // so that it can be sent as soon as the stage is opened
    return sending;
  } catch (error) {
    await once.giveUp(turn);
    throw error;
  }
}
