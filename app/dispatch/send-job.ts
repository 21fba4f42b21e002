import type { Disks } from '../../core/dispatch/disks.ts';
import { NO_ESCALATION, routeOf } from '../../core/dispatch/route.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import { needsOfJob } from '../../core/recipes/needs-of.ts';
import { type RestorePorts, restoreSource } from './restore-source.ts';
import { type FoundJob, type SendReadyPorts, sendReady } from './send-ready.ts';
import { isSpent } from './spending.ts';

export type SendPorts = RestorePorts &
  SendReadyPorts & {
    /** The disks that the containers of the stack can be given. */
    readonly disks: Disks;
  };

/** Longer than a function may take to send a job, and shorter than the queue waits before it delivers again. */
const TURN_MS = 90_000;

/** Whether a job was queued and not sent yet, or waits for its archived source. */
export const isUnsent = (job: Job): boolean =>
  job.state.status === 'restoring' || (job.state.status === 'queued' && job.sent === undefined);

/**
 * gathered: it goes with others that came at the same time. elsewhere: the job was sent before, or another process sends it. restoring: its source is archived. held: the month's sum is
 * spent, and the job stays queued. gone: its source no longer exists.
 */
export type Sending = 'sent' | 'gathered' | 'elsewhere' | 'restoring' | 'held' | 'gone';

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
    const now = await unsentNow(job, ports);
    return now ? send(now, ports, 'again') : 'elsewhere';
  });

/** Returns the row of a job that is still to be sent by this name; undefined if another process has sent or changed it. */
export async function unsentNow(job: Job, { jobs }: Pick<SendPorts, 'jobs'>): Promise<Job | undefined> {
  const now = await jobs.get(job.id);
  return now && isUnsent(now) && dispatchName(now) === dispatchName(job) ? now : undefined;
}

async function send(job: Job, ports: SendPorts, how: 'new' | 'again'): Promise<Sending> {
  const ready = await readyToSend(job, ports, how);
  return typeof ready === 'string' ? ready : sendReady(ready, ports);
}

/** Returns how a job is to be sent, or why it is not: with `again`, it may have been sent before without a record of it. */
export async function readyToSend(job: Job, ports: SendPorts, how: 'new' | 'again'): Promise<FoundJob | Sending> {
  const { inbox, dispatcher } = ports;
  const { state } = job;
  if (await isSpent(ports)) return 'held';
  const archived = await inbox.archived(job.source);
  if (archived && (state.status === 'queued' || state.status === 'restoring'))
    return (await restoreSource({ ...job, state }, archived, ports)) ? 'restoring' : 'elsewhere';
  if (state.status === 'restoring') return sendRestored({ ...job, state }, ports);
  const facts = await inbox.measure(job.source);
  if (!facts) return 'gone';
  const escalation = (state.status === 'queued' ? state.escalation : undefined) ?? NO_ESCALATION;
  const needs = needsOfJob(job);
  const route = routeOf(needs, facts, escalation, ports.disks);
  const found = how === 'again' ? await dispatcher.find(job, route) : undefined;
  return { job, needs, facts, route, escalation, found };
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
export async function inTurn(job: Job, { once, clock }: SendPorts, work: () => Promise<Sending>): Promise<Sending> {
  const turn = turnOf(job);
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

/** Lets the next delivery send a job that was gathered and could not be sent. */
export const giveUpTurn = (job: Job, { once }: Pick<SendPorts, 'once'>): Promise<void> => once.giveUp(turnOf(job));

const turnOf = (job: Job) => `send ${dispatchName(job)}`;
