import { isStoppedNow, type SpendingStop } from '../../app/spending.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Upkeep } from '../../core/ports/upkeep.ts';

/** Finds nothing while the stage is stopped: what waits then waits for that, and not for a machine of Spot. */
export const unlessStopped = (
  ports: { readonly spending: SpendingStop | undefined; readonly clock: Clock },
  upkeep: Upkeep,
): Upkeep => ({
  ...upkeep,
  async *leaks(untilMs) {
    if (!(await isStoppedNow(ports))) yield* upkeep.leaks(untilMs);
  },
});
