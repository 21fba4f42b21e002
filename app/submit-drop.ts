import { asServiceError } from '../core/errors.ts';
import { dropFromKey, mirroredPlaces } from '../core/job/drop.ts';
import { type Job, jobIdOf } from '../core/job/job.ts';
import type { Arrival } from '../core/ports/inbox.ts';
import { recipeNamed } from '../core/recipes/index.ts';
import type { Recipe } from '../core/recipes/recipe.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/recipes/settings.ts';
import { type TellPorts, tellOnce } from './do-once.ts';
import { isUnsent, type SendPorts, sendAgain, sendNew } from './send-job.ts';

export type DropPorts = SendPorts &
  TellPorts & {
    /** The name of the bucket or folder: one part of a job's identity. */
    readonly store: string;
    /** Those that ship and the user's own. Throws `usage` if theirs cannot be read. */
    recipes(): Promise<readonly Recipe[]>;
  };

/** ignored: no drop. gone: nothing is there any more. refused: people are told why. known: a job there is already. */
export type Submission =
  | { readonly outcome: 'ignored' | 'gone' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'sent' | 'known'; readonly job: Job };

/**
 * One job for what lies under a key now, however often and in whatever order this is called for it, and that job sent
 * once. A job that was made and not sent, because whoever made it was cut off, is sent by the next call.
 */
export async function submitDrop(key: string, ports: DropPorts): Promise<Submission> {
  const reading = dropFromKey(key);
  if (reading.kind === 'ignored') return { outcome: 'ignored' };
  const arrival = await ports.inbox.inspect(key);
  if (!arrival) return { outcome: 'gone' };
  const reason = reading.kind === 'refused' ? reading.reason : await faultOf(reading.recipe, arrival, ports);
  if (reading.kind === 'refused' || reason !== undefined) return refuse(key, arrival, reason ?? '', ports);

  const job = newJob(key, { ...reading, ...mirroredPlaces(reading) }, arrival, ports);
  if (await ports.jobs.create(job)) {
    await sendNew(job, ports);
    return { outcome: 'sent', job };
  }
  const there = await ports.jobs.get(job.id);
  const wasSent = there !== undefined && isUnsent(there) && (await sendAgain(there, ports)) === 'sent';
  return { outcome: wasSent ? 'sent' : 'known', job: there ?? job };
}

/** Why this cannot be done as it is asked for, found before a machine is started for it. */
async function faultOf(recipe: string, { bytes, settings }: Arrival, ports: DropPorts): Promise<string | undefined> {
  if (bytes === 0) return 'it is empty';
  try {
    const wanted = recipeNamed(recipe, await ports.recipes());
    candidates(wanted, resolveSettings(wanted, settings));
    return undefined;
  } catch (error) {
    const { code, message } = asServiceError(error);
    if (code !== 'usage') throw error;
    return message;
  }
}

async function refuse(key: string, { version }: Arrival, reason: string, ports: DropPorts): Promise<Submission> {
  const [, recipe = ''] = key.split('/');
  const job = jobIdOf({ store: ports.store, recipe, source: key, version });
  const summary = `${key} was not taken: ${reason}`;
  await tellOnce(`refused ${job}`, { kind: 'refused', job, recipe, source: key, summary, details: {} }, ports);
  return { outcome: 'refused', reason };
}

function newJob(
  key: string,
  { recipe, outputPrefix, failureKey }: { recipe: string; outputPrefix: string; failureKey: string },
  { version, settings }: Arrival,
  { store, clock }: DropPorts,
): Job {
  const now = clock.now();
  return {
    id: jobIdOf({ store, recipe, source: key, version }),
    recipe,
    source: key,
    outputPrefix,
    failureKey,
    settings: { ...settings },
    createdMs: now,
    updatedMs: now,
    state: { status: 'queued' },
    published: [],
  };
}
