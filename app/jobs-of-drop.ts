import { asServiceError, FAILURES, type ServiceError, usage } from '../core/errors.ts';
import { type Drop, dropFromKey } from '../core/job/drop.ts';
import type { IntakeRules } from '../core/job/intake-rules.ts';
import type { Job } from '../core/job/job.ts';
import type { Arrival, Inbox } from '../core/ports/inbox.ts';
import { ordersOf } from '../core/recipes/menu.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { type NewJobPorts, newJob, type PlacedOrder } from './new-job.ts';

export type AskedPorts = NewJobPorts & { readonly inbox: Pick<Inbox, 'inspect'>; readonly rules: IntakeRules };

/** ignored: no drop. gone: nothing is there any more. refused: no job can be made of it, and why. */
export type AskedFor =
  | { readonly kind: 'ignored' | 'gone' }
  | { readonly kind: 'refused'; readonly version: string; readonly failure: ServiceError }
  | { readonly kind: 'jobs'; readonly jobs: readonly Job[] };

/**
 * The jobs that what lies under a key now asks for, one for each recipe: of the key comes the recipe or mix, of the
 * settings beside it or in its metadata what is to be different. Makes none of them. Throws what may pass by itself.
 */
export async function jobsOfDrop(key: string, ports: AskedPorts): Promise<AskedFor> {
  const reading = dropFromKey(key);
  if (reading.kind === 'ignored') return { kind: 'ignored' };
  let version = '';
  try {
    const arrival = await ports.inbox.inspect(key);
    if (!arrival) return { kind: 'gone' };
    version = arrival.version;
    if (reading.kind === 'refused') throw usage(reading.reason);
    const jobs = [];
    for (const order of await ordered(reading, arrival, ports)) jobs.push(await newJob(key, order, version, ports));
    return { kind: 'jobs', jobs };
  } catch (error) {
    const failure = asServiceError(error);
    if (FAILURES[failure.code].cause !== 'input') throw error;
    return { kind: 'refused', version, failure };
  }
}

async function ordered(
  drop: Drop,
  { bytes, settings }: Arrival,
  { menu, rules }: AskedPorts,
): Promise<readonly PlacedOrder[]> {
  if (rules.checksAhead && bytes === 0) throw usage('it is empty');
  const orders = ordersOf(drop, await menu(), settings);
  if (rules.checksAhead)
    for (const { recipe, settings: own } of orders) candidates(recipe, resolveSettings(recipe, own));
  return orders;
}
