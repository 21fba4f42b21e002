import { monthOf } from '../../core/month.ts';
import type { SpendingStop } from '../../core/plan/spending-stop.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Upkeep } from '../../core/ports/upkeep.ts';

/** Finds nothing while the stage is stopped: what waits then waits for that, and not for a machine of Spot. */
export const unlessStopped = (
  { spending, clock }: { readonly spending: SpendingStop | undefined; readonly clock: Clock },
  upkeep: Upkeep,
): Upkeep => ({
  ...upkeep,
  async *leaks(untilMs) {
    const spent = await spending?.ledger.of(monthOf(clock.now()));
    if (!spent?.isStopped) yield* upkeep.leaks(untilMs);
  },
});
