import type { ServiceError } from '../../core/errors.ts';
import { collectedKeys } from '../../core/job/drop.ts';
import type { Job } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { Order } from '../../core/recipes/menu.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { isUnsent, type Sending, type SendJob } from '../dispatch/send-job.ts';
import { type AskedPorts, jobsOfDrop } from './jobs-of-drop.ts';
import { type NewJobPorts, newJob, type PlacedOrder } from './new-job.ts';
import { forgiveDrop, type RefusePorts, refuseDrop } from './refuse-drop.ts';

type JobPorts = NewJobPorts & {
  readonly jobs: JobStore;
  /** Hands a job to a dispatcher. */
  readonly send: SendJob;
};

export type DropPorts = JobPorts & AskedPorts & RefusePorts;

/**
 * ignored: the key is not a drop. gone: there is no file any more. refused: people are told why. known: all jobs exist
 * already. left: jobs that failed for this very source and these settings, because they would fail again.
 */
type Taken =
  | { readonly outcome: 'ignored' | 'gone' }
  | { readonly outcome: 'refused'; readonly reason: string; readonly failure: ServiceError }
  | { readonly outcome: 'sent' | 'known'; readonly jobs: readonly Job[]; readonly left: readonly FailedJob[] };

type FailedJob = Pick<Job, 'id' | 'source'> & { readonly reason: string };

/**
 * Takes a drop into a bucket or a watched folder: creates and sends one job for each recipe that the file under the key
 * requests now. It may be called repeatedly and in any order, and sends each job once. A job that was created but not
 * sent, because its maker died, is sent by the next call. `to` and `settings` are the recipe or mix of a backfill, and its settings.
 */
export async function takeDrop(key: string, ports: DropPorts, to?: string, settings?: RawSettings): Promise<Taken> {
  const asked = await jobsOfDrop(key, ports, to, settings);
  switch (asked.kind) {
    case 'ignored':
    case 'gone':
      return { outcome: asked.kind };
    case 'refused':
      await refuseDrop({ key, ...(to !== undefined && { to }), ...asked }, ports);
      return { outcome: 'refused', reason: asked.failure.message, failure: asked.failure };
    case 'jobs':
      await forgiveDrop(key, asked.jobs, ports);
      return takeJobs(asked.jobs, ports);
    case 'beside':
      return takeJobs(await notMadeWith(asked.jobs, ports), ports);
    default:
      return asked satisfies never;
  }
}

/** Takes a file that someone named, with its orders. Its jobs are sent whatever their outcome was before. */
export async function takeNamed(source: string, orders: readonly NamedOrder[], ports: JobPorts): Promise<void> {
  for (const order of orders) {
    const job = await jobOfNamed(source, order, ports);
    await ports.send(job, (await ports.jobs.create(job)) ? 'new' : 'again');
  }
}

/** An order for a file that someone named. Results are collected by its name, unless the order says where they go. */
type NamedOrder = Order & Partial<PlacedOrder>;

/** Returns the job of a file that someone named. */
export const jobOfNamed = (source: string, order: NamedOrder, ports: NewJobPorts): Promise<Job> =>
  newJob(source, { ...collectedKeys(order.recipe.id, source), ...order }, undefined, ports);

/** Returns a job that has waited, with the settings that are beside its source by now. Throws the drop's refusal. */
export async function asAskedNow(job: Job, ports: DropPorts): Promise<Job> {
  const asked = await jobsOfDrop(job.source, ports);
  if (asked.kind === 'refused') {
    await refuseDrop({ key: job.source, ...asked }, ports);
    throw asked.failure;
  }
  return (asked.kind === 'jobs' && asked.jobs.find(({ id }) => id === job.id)) || job;
}

/** Returns the jobs without those whose film was made as it is now, with the present files beside it. */
async function notMadeWith(jobs: readonly Job[], ports: Pick<DropPorts, 'jobs'>): Promise<readonly Job[]> {
  const due: Job[] = [];
  for (const job of jobs) {
    const there = await ports.jobs.get(job.id);
    const isMade = there?.state.status === 'done' || there?.state.status === 'unchanged';
    if (!isMade || there.version !== job.version) due.push(job);
  }
  return due;
}

async function takeJobs(jobs: readonly Job[], ports: DropPorts): Promise<Taken> {
  const taken = [];
  for (const job of jobs) taken.push(await takeJob(job, ports));
  return {
    outcome: taken.some(({ fate }) => fate === 'sent') ? 'sent' : 'known',
    jobs: taken.map(({ job }) => job),
    left: taken.flatMap(({ job, fate }) =>
      fate === 'left' && job.state.status === 'failed'
        ? [{ id: job.id, source: job.source, reason: job.state.reason }]
        : [],
    ),
  };
}

type TakenJob = { readonly job: Job; readonly fate: 'sent' | 'known' | 'left' };

async function takeJob(job: Job, { jobs, send, rules }: DropPorts): Promise<TakenJob> {
  if (await jobs.create(job)) {
    await send(job, 'new');
    return { job, fate: 'sent' };
  }
  const there = await jobs.get(job.id);
  if (rules.jobPer === 'upload') {
    const sending = there && isUnsent(there) ? await send(there, 'again') : 'elsewhere';
    return { job: there ?? job, fate: isOnItsWay(sending) ? 'sent' : 'known' };
  }
  if (there && failedAlike(there, job)) return { job: there, fate: 'left' };
  return { job, fate: isOnItsWay(await send(job, 'again')) ? 'sent' : 'known' };
}

const isOnItsWay = (sending: Sending) => sending === 'sent' || sending === 'gathered';

const failedAlike = (there: Job, job: Job): boolean =>
  there.state.status === 'failed' &&
  there.version === job.version &&
  JSON.stringify(there.settings) === JSON.stringify(job.settings);
