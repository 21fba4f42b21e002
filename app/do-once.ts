import type { Clock } from '../core/ports/clock.ts';
import type { Notice, Notifier } from '../core/ports/notifier.ts';
import type { Once } from '../core/ports/once.ts';

type OncePorts = { readonly once: Once; readonly clock: Clock };
export type TellPorts = OncePorts & { readonly notifier: Notifier };

/** Who has not finished by then is thought to have died. */
const TURN_MS = 60_000;

/** Does what goes by this name, unless it was done or is being done. What `work` throws comes through, and the turn is given up. */
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
