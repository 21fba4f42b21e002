import type { JobRequest } from '../app/job-request.ts';
import { refuseDrop } from '../app/refuse-drop.ts';
import { asServiceError, type ServiceError, usage } from '../core/errors.ts';
import { type Drop, dropFromKey, mirroredPlaces } from '../core/job/drop.ts';
import { jobIdOf } from '../core/job/job.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import type { Ports } from '../core/ports/ports.ts';
import { ordersOf, withModel } from '../core/recipes/menu.ts';
import { highestPriority, WEIGHTS } from '../core/renditions/priority.ts';
import { settingsBeside } from '../runtime/local-drops.ts';
import type { Local } from '../runtime/local-ports.ts';
import { menuIn } from '../runtime/menu-in.ts';
import { millEach } from './mill-one.ts';
import { printable } from './printable.ts';
import type { Told } from './told.ts';

export type DropContext = {
  readonly root: string;
  readonly local: Local;
  readonly teller: Told;
  readonly signal: AbortSignal;
  readonly remake: boolean;
};

/** A file of a watched folder, under every recipe its prefix asks for; returns the first failure's exit code. */
export async function millDrop(
  file: ObjectInfo,
  { root, local, teller, signal, remake }: DropContext,
): Promise<number> {
  const drop = dropFromKey(file.key);
  if (drop.kind === 'ignored') return 0;
  const ports = local.portsFor({ sources: root, outputs: root });
  const refuse = async (failure: ServiceError) => {
    teller.say(`${printable(file.key)}: ${printable(failure.message)}`);
    const [, recipe = ''] = file.key.split('/');
    const failureKey = drop.kind === 'drop' ? mirroredPlaces(drop).failureKey : undefined;
    await refuseDrop({ source: file.key, recipe, failureKey, failure }, ports);
    return failure.exitCode;
  };
  if (drop.kind === 'refused') return refuse(usage(drop.reason));
  try {
    const asked = await requestsOf(file, drop, root);
    const refusal = mirroredPlaces(drop).failureKey; // of an earlier run; a job keeps its own
    if (!asked.some(({ failureKey }) => failureKey === refusal)) await ports.outputs.remove(refusal);
    const fresh = await Promise.all(asked.map((request) => leaveFailed(request, ports, teller)));
    const requests = fresh.flat().map((request) => ({ ...request, remake }));
    return await millEach(requests, ports, { teller, signal, ifBusy: 'leave' });
  } catch (error) {
    return refuse(asServiceError(error));
  }
}

/** Its most wanted rendition's; of what cannot be made at all, none. */
export async function priorityOfDrop(file: ObjectInfo, { root, local }: DropContext): Promise<number> {
  const drop = dropFromKey(file.key);
  if (drop.kind !== 'drop') return 0;
  const requests = await requestsOf(file, drop, root).catch(() => []);
  const now = Date.now();
  const priorities = requests.map(async ({ outputPrefix, weights = WEIGHTS }) =>
    highestPriority((await local.demand.of(outputPrefix)).values(), weights, now),
  );
  return Math.max(0, ...(await Promise.all(priorities)));
}

/** Throws `usage` where they cannot be made out. */
async function requestsOf(file: ObjectInfo, drop: Drop, root: string): Promise<readonly JobRequest[]> {
  const menu = await menuIn(root);
  const orders = ordersOf(drop, menu, await settingsBeside(root, file.key));
  const version = `${file.bytes}-${file.modifiedMs}`;
  return orders.map((order) => {
    const id = jobIdOf({ store: root, recipe: order.recipe.id, source: file.key, version: '' });
    const places = { sources: root, outputs: root };
    return { ...withModel(order, id, menu), weights: menu.weights, source: file.key, version, places, id };
  });
}

/** What failed as it lies there and is asked for now fails again: it is left until someone asks for it by name. */
async function leaveFailed(request: JobRequest, { jobs }: Ports, teller: Told): Promise<readonly JobRequest[]> {
  const before = await jobs.get(request.id);
  const same =
    before?.version === request.version && JSON.stringify(before?.settings) === JSON.stringify(request.settings);
  if (!same || before?.state.status !== 'failed') return [request];
  const { source, id } = request;
  const reason = printable(before.state.reason);
  teller.say(`${printable(source)}: failed before (${reason}); reelmill retry ${id.slice(0, 12)}`);
  return [];
}
