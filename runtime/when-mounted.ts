import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** How a mount is looked for; tests stand in for the system. */
type MountSight = {
  /** Returns the number of the file system that a folder lies in; undefined where the folder is not there. */
  deviceOf(folder: string): Promise<number | undefined>;
  pause(signal: AbortSignal): Promise<void>;
};

const ON_THIS_MACHINE: MountSight = {
  deviceOf: async (folder) => (await stat(folder).catch(() => undefined))?.dev,
  pause: (signal) => wait(LOOK_EVERY_MS, undefined, { signal }),
};

/**
 * Returns a function that waits until something is mounted at a folder: the folder is then in another file system than now, or
 * is there at all, as on Windows. It returns false if `signal` is aborted before that. Is to be called before the mount begins.
 */
export async function whenMounted(
  folder: string,
  { deviceOf, pause }: MountSight = ON_THIS_MACHINE,
): Promise<(signal: AbortSignal) => Promise<boolean>> {
  const before = await deviceOf(folder);
  return async (signal) => {
    while (!signal.aborted) {
      const now = await deviceOf(folder);
      if (now !== undefined && now !== before) return true;
      await pause(signal).catch(() => undefined);
    }
    return false;
  };
}
