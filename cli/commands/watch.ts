import { join, resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { listenForDrops } from '../../runtime/local-drops.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { dropQueue } from '../drop-queue.ts';
import { interruptSignal } from '../interrupt.ts';
import { millDrop, priorityOfDrop } from '../mill-drop.ts';
import { printable } from '../printable.ts';
import { told } from '../told.ts';

export type WatchOptions = {
  readonly once?: boolean;
  readonly work?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
};

/**
 * One drop after the other, each with the whole machine, of those that wait the most wanted first. With --once the exit code is the
 * first failure's.
 */
export async function watch(folder: string, options: WatchOptions): Promise<number> {
  const root = resolve(folder);
  const signal = interruptSignal();
  const teller = told({ json: options.json ?? false });
  const local = await openLocal(resolve(options.work ?? join(root, '.work')), signal, teller.say, root);
  let exitCode = 0;
  const context = { root, local, teller, signal, remake: options.remake ?? false };
  const take = async (file: ObjectInfo) => {
    if (signal.aborted) return;
    const code = await millDrop(file, context);
    exitCode ||= code;
  };
  const queue = dropQueue((file: ObjectInfo) => priorityOfDrop(file, context), take);
  try {
    if (!options.once) teller.say(`watching ${printable(join(root, 'input'))}/<recipe>/; Ctrl-C ends`);
    const onDrop = (file: ObjectInfo) => {
      queue.add(file);
      if (!options.once) void queue.work();
    };
    await listenForDrops(root, options.once ?? false, { signal, onDrop, report: teller.say }).catch(
      unlessStopped(signal),
    );
    await queue.work();
  } finally {
    teller.end();
    await local.close();
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode;
  return options.once ? exitCode : 0;
}

const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};
