import type { Clock } from '../../core/ports/clock.ts';
import type { Notice } from '../../core/ports/notifier.ts';
import type { Once } from '../../core/ports/once.ts';

type TogetherPorts = {
  readonly once: Once;
  readonly clock: Clock;
  /** Tells all of these at once, or throws. */
  tell(notices: readonly Notice[]): Promise<void>;
};

/** A notice, and the name under which it is remembered that it was told. */
export type NamedNotice = { readonly name: string; readonly notice: Notice };

/** Longer than a function runs that tells: what has not finished by then has died. */
const TURN_MS = 180_000;

/**
 * Tells people of several notices at a time, of each once. Returns the names of those that another process is telling, which are
 * not told yet if it fails. Throws if they cannot be told; none of them counts as told then.
 */
export async function tellTogether(all: readonly NamedNotice[], ports: TogetherPorts): Promise<ReadonlySet<string>> {
  const { once, clock } = ports;
  const elsewhere = new Set<string>();
  const mine = new Map<string, Notice>();
  try {
    for (const { name, notice } of all) {
      if (mine.has(name)) continue;
      const now = clock.now();
      const turn = await once.begin(name, now + TURN_MS, now);
      if (turn === 'mine') mine.set(name, notice);
      else if (turn === 'theirs') elsewhere.add(name);
    }
    if (mine.size > 0) await ports.tell([...mine.values()]);
  } catch (error) {
    for (const name of mine.keys()) await once.giveUp(name);
    throw error;
  }
  for (const name of mine.keys()) await once.finish(name);
  return elsewhere;
}
