import { join, resolve } from 'node:path';
import { asServiceError, ServiceError } from '../../core/errors.ts';
import { dropFromKey, mirroredPlaces } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { listenForDrops, settingsBeside } from '../../runtime/local-drops.ts';
import { type Local, openFolder, openLocal } from '../../runtime/local-ports.ts';
import { recipesIn } from '../../runtime/recipes-in.ts';
import { interruptSignal } from '../interrupt.ts';
import { millOne } from '../mill-one.ts';
import { printable } from '../printable.ts';
import { type Told, told } from '../told.ts';

export type WatchOptions = { readonly once?: boolean; readonly work?: string; readonly json?: boolean };

type Context = { readonly root: string; readonly local: Local; readonly teller: Told; readonly signal: AbortSignal };

/** One drop after the other, each with the whole machine. With --once the exit code is the first failure's. */
export async function watch(folder: string, options: WatchOptions): Promise<number> {
  const root = resolve(folder);
  const signal = interruptSignal();
  const teller = told({ json: options.json ?? false });
  const local = await openLocal(resolve(options.work ?? join(root, '.work')), signal, teller.say);
  let queue: Promise<unknown> = Promise.resolve();
  let exitCode = 0;
  const take = async (file: ObjectInfo) => {
    if (signal.aborted) return;
    const code = await millDrop(file, { root, local, teller, signal });
    exitCode ||= code;
  };
  try {
    if (!options.once) teller.say(`watching ${printable(join(root, 'input'))}/<recipe>/; Ctrl-C ends`);
    const onDrop = (file: ObjectInfo) => {
      queue = queue.then(() => take(file));
    };
    await listenForDrops(root, options.once ?? false, { signal, onDrop, report: teller.say }).catch(
      unlessStopped(signal),
    );
    await queue;
  } finally {
    teller.end();
    await local.close();
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode;
  return options.once ? exitCode : 0;
}

async function millDrop(file: ObjectInfo, context: Context): Promise<number> {
  const { root, local, teller, signal } = context;
  const drop = dropFromKey(file.key);
  if (drop.kind !== 'drop') return 0;
  const places = { sources: root, outputs: root };
  const where = mirroredPlaces(drop);
  const id = jobIdOf({ store: root, recipe: drop.recipe, source: file.key, version: '' });
  const version = `${file.bytes}-${file.modifiedMs}`;
  try {
    const recipe = recipeNamed(drop.recipe, await recipesIn(root));
    const settings = await settingsBeside(root, file.key);
    const before = await local.jobs.get(id);
    const same = before?.version === version && JSON.stringify(before.settings) === JSON.stringify(settings);
    if (same && before.state.status === 'failed') {
      teller.say(
        `${printable(file.key)}: failed before (${printable(before.state.reason)}); reelmill retry ${id.slice(0, 12)}`,
      );
      return 0;
    }
    const request = { source: file.key, recipe, settings, places, ...where, id, version };
    return await millOne(request, local, { teller, signal, ifBusy: 'leave' });
  } catch (error) {
    return refuse(file.key, where.failureKey, asServiceError(error), context);
  }
}

/** A drop that no job can be made of: an unknown recipe, settings that cannot be read. */
async function refuse(
  source: string,
  failureKey: string,
  failure: ServiceError,
  { root, teller }: Context,
): Promise<number> {
  const { code, message: reason, exitCode } = failure;
  teller.say(`${printable(source)}: ${printable(reason)}`);
  const record = JSON.stringify({ source, code, reason, exitCode, at: new Date().toISOString() }, undefined, 2);
  await openFolder(root).write(failureKey, `${record}\n`, 'application/json');
  return exitCode;
}

const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};
