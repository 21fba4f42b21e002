import type { Clock } from '../core/ports/clock.ts';
import type { Notice, Notifier } from '../core/ports/notifier.ts';
import type { Once } from '../core/ports/once.ts';

export type TellPorts = { readonly notifier: Notifier; readonly once: Once; readonly clock: Clock };

/** Who has not told by then is thought to have died. */
const TURN_MS = 60_000;

/** Tells people what goes by this name, unless they were told or are being told. Throws if they could not be told. */
export async function tellOnce(name: string, notice: Notice, { notifier, once, clock }: TellPorts): Promise<void> {
  const now = clock.now();
  if ((await once.begin(name, now + TURN_MS, now)) !== 'mine') return;
  try {
    await notifier.notify(notice);
  } catch (error) {
    await once.giveUp(name);
    throw error;
  }
  await once.finish(name);
}
