import { resolve } from 'node:path';
import process from 'node:process';
import { bucketPlace, cacheGiBOf, mountArgs } from '../../core/archive/rclone-args.ts';
import { bucketsOf, openTransfer } from '../../runtime/archive-transfer.ts';
import { whenMounted } from '../../runtime/when-mounted.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';

type MountCommandOptions = {
  readonly cacheSize: string;
  readonly write?: boolean;
  readonly dryRun?: boolean;
  readonly region?: string;
  readonly endpoint?: string;
};

/** Mounts a place of a bucket as a folder until it is interrupted or unmounted. */
export async function mount(from: string, folder: string, options: MountCommandOptions): Promise<number> {
  const place = bucketPlace(from, bucketsOf(options));
  const canWrite = options.write ?? false;
  const task = { place, folder: resolve(folder), cacheGiB: cacheGiBOf(options.cacheSize), canWrite };
  if (options.dryRun) {
    process.stdout.write(`${JSON.stringify({ type: 'archive.mount', command: ['rclone', ...mountArgs(task)] })}\n`);
    return 0;
  }
  const signal = interruptSignal();
  const transfer = await openTransfer(place, signal);
  const mounted = await whenMounted(task.folder);
  const over = new AbortController();
  process.stderr.write(`mounting ${printable(from)}\n`);
  const mounting = transfer.mount(task, signal).finally(() => over.abort());
  const telling = mounted(over.signal).then((isThere) => {
    if (isThere)
      process.stderr.write(`${printable(from)} is mounted at ${printable(task.folder)}; Ctrl-C unmounts it\n`);
  });
  try {
    await mounting;
  } catch (error) {
    if (!signal.aborted) throw error; // Ctrl-C is how a mount ends
  } finally {
    await telling;
  }
  return 0;
}
