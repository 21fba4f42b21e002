import type { Clock } from '../core/ports/clock.ts';
import type { Notice, Notifier } from '../core/ports/notifier.ts';
import type { Once } from '../core/ports/once.ts';

type OncePorts = { readonly once: Once; readonly clock: Clock };
export type TellPorts = OncePorts & { readonly notifier: Notifier };

/** Work that has not finished after this time is taken to have died. */
const TURN_MS = 60_000;

/**
 * Does the work of this name, unless it is done or in progress elsewhere. An error of `work` is thrown, and the work can
 * begin again.
 */
export async function doOnce(name: string, { once, clock }: OncePorts, work: () => Promise<void>): Promise<void> {
  const now = clock.now();
  if ((await once.begin(name, now + TURN_MS, now)) !== 'mine') return;
  try {
    await work();
  } catch (error) {
    await once.giveUp(name);
    throw error;
  }
  await once.finish(name);
}

export const tellOnce = (name: string, notice: Notice, ports: TellPorts): Promise<void> =>
  doOnce(name, ports, () => ports.notifier.notify(notice));
