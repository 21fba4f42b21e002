import { asServiceError } from '../core/errors.ts';
import { type Drop, dropFromKey, inputKey, type Places } from '../core/job/drop.ts';
import { type Job, jobIdOf } from '../core/job/job.ts';
import { refusedOnProcessor } from '../core/job/on-processor.ts';
import { computeOf } from '../core/job/route.ts';
import type { DemandStore } from '../core/ports/demand-store.ts';
import type { Arrival, Inbox } from '../core/ports/inbox.ts';
import { type Menu, type Order, ordersOf, withModel } from '../core/recipes/menu.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/recipes/settings.ts';
import { highestPriority } from '../core/renditions/priority.ts';
import { type TellPorts, tellOnce } from './do-once.ts';
import { isUnsent, type SendPorts, sendAgain, sendNew } from './send-job.ts';

export type DropPorts = SendPorts &
  TellPorts & {
    readonly inbox: Inbox;
    readonly demand: DemandStore;
    /** The name of the bucket or folder: one part of a job's identity. */
    readonly store: string;
    /** Whether there are machines with graphics cards. */
    readonly hasGpu: boolean;
    /** What ships and the user's own. Throws `usage` if theirs cannot be read. */
    menu(): Promise<Menu>;
  };

/** ignored: no drop. gone: nothing is there any more. refused: people are told why. known: all its jobs are there already. */
export type Submission =
  | { readonly outcome: 'ignored' | 'gone' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'sent' | 'known'; readonly jobs: readonly Job[] };

type PlacedOrder = Order & Places;

/**
 * One job for each recipe that is asked for of what lies under a key now, however often and in whatever order this is
 * called for it, and each of them sent once. A job that was made and not sent, because whoever made it was cut off, is
 * sent by the next call.
 */
export async function submitDrop(key: string, ports: DropPorts): Promise<Submission> {
  const reading = dropFromKey(key);
  if (reading.kind === 'ignored') return { outcome: 'ignored' };
  const arrival = await ports.inbox.inspect(key);
  if (!arrival) return { outcome: 'gone' };
  const asked = reading.kind === 'refused' ? reading : await askedOf(reading, arrival, ports);
  if ('reason' in asked) return refuse(key, arrival, asked.reason, ports);
  const submitted = [];
  for (const order of asked) submitted.push(await submit(await newJob(key, order, arrival, ports), ports));
  const wasSent = submitted.some((each) => each.wasSent);
  return { outcome: wasSent ? 'sent' : 'known', jobs: submitted.map(({ job }) => job) };
}

async function submit(job: Job, ports: DropPorts): Promise<{ readonly job: Job; readonly wasSent: boolean }> {
  if (await ports.jobs.create(job)) {
    await sendNew(job, ports);
    return { job, wasSent: true };
  }
  const there = await ports.jobs.get(job.id);
  const wasSent = there !== undefined && isUnsent(there) && (await sendAgain(there, ports)) === 'sent';
  return { job: there ?? job, wasSent };
}

/** The recipes it asks for; or why that cannot be done, found before a machine is started for it. */
async function askedOf(
  drop: Drop,
  { bytes, settings, isUnderKey }: Arrival,
  ports: DropPorts,
): Promise<readonly PlacedOrder[] | { readonly reason: string }> {
  if (bytes === 0) return { reason: 'it is empty' };
  try {
    if (isUnderKey) await ports.inbox.measure(inputKey(drop)); // whether we may read it at all
    const orders = ordersOf(drop, await ports.menu(), settings);
    const placed = orders.map((order) => (ports.hasGpu ? order : onProcessor(order)));
    for (const order of placed) {
      const reason = await refusalOf(order, inputKey(drop), ports);
      if (reason !== undefined) return { reason };
    }
    return placed;
  } catch (error) {
    const { code, message } = asServiceError(error);
    if (code !== 'usage' && code !== 'no-input') throw error;
    return { reason: message };
  }
}

/** Throws `usage` at settings that cannot be. */
async function refusalOf(
  { recipe, settings }: PlacedOrder,
  key: string,
  { inbox, hasGpu }: DropPorts,
): Promise<string | undefined> {
  const renditions = candidates(recipe, resolveSettings(recipe, settings));
  const compute = computeOf({ recipe: recipe.id, settings: { ...settings } });
  if (compute === 'gpu' && !hasGpu)
    return 'encoder=nvenc needs a graphics card, and this stack has none; drop it without this setting';
  const facts = compute === 'upscale-on-cpu' ? await inbox.measure(key) : undefined;
  return facts && refusedOnProcessor(renditions, facts);
}

/** Where there is no graphics card, what would run on one is sent to a processor: the job says so in its settings. */
const onProcessor = (order: PlacedOrder): PlacedOrder =>
  computeOf({ recipe: order.recipe.id, settings: { ...order.settings, encoder: '' } }) === 'gpu'
    ? { ...order, settings: { ...order.settings, device: 'cpu' } }
    : order;

async function refuse(
  key: string,
  { version }: Pick<Arrival, 'version'>,
  reason: string,
  ports: TellPorts & Pick<DropPorts, 'store'>,
): Promise<Submission> {
  const [, recipe = ''] = key.split('/');
  const job = jobIdOf({ store: ports.store, recipe, source: key, version });
  const summary = `${key} was not taken: ${reason}`;
  await tellOnce(`refused ${job}`, { kind: 'refused', job, recipe, source: key, summary, details: {} }, ports);
  return { outcome: 'refused', reason };
}

/** For a name that S3 told in a way that cannot be read: nothing can be asked for by it, so people are told, once. */
export async function refuseUndecodable(
  name: string,
  ports: TellPorts & Pick<DropPorts, 'store'>,
): Promise<Submission> {
  const reason = `S3 told its name as ${JSON.stringify(name)}, which is no percent-encoded UTF-8; drop it under a name in UTF-8`;
  return refuse(name, { version: '' }, reason, ports);
}

async function newJob(
  key: string,
  order: PlacedOrder,
  { version }: Arrival,
  { store, clock, demand, menu }: DropPorts,
): Promise<Job> {
  const { outputPrefix, failureKey } = order;
  const recipe = order.recipe.id;
  const now = clock.now();
  const demands = await demand.of(outputPrefix);
  const there = await menu();
  const priority = highestPriority(demands.values(), there.weights, now);
  const id = jobIdOf({ store, recipe, source: key, version });
  const { settings } = withModel(order, id, there);
  return {
    id,
    recipe,
    source: key,
    outputPrefix,
    failureKey,
    settings: { ...settings },
    ...(priority > 0 && { priority }),
    createdMs: now,
    updatedMs: now,
    state: { status: 'queued' },
    published: [],
  };
}
