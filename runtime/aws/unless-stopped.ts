import { monthBefore, monthOf } from '../../core/month.ts';
import type { SpendingStop } from '../../core/plan/spending-stop.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Upkeep } from '../../core/ports/upkeep.ts';

/**
 * Finds nothing while the stage is stopped, nor until machines have had as much time to start again as the upkeep gives them: what
 * waits then waits for that, and not for a machine of Spot.
 */
export const unlessStopped = (
  { spending, clock }: { readonly spending: SpendingStop | undefined; readonly clock: Clock },
  upkeep: Upkeep,
): Upkeep => ({
  ...upkeep,
  async *leaks(untilMs) {
    if (!spending || (await startedBy(untilMs, spending, clock.now()))) yield* upkeep.leaks(untilMs);
  },
});

/** Whether the machines of a stage have been allowed to run at least since `thenMs`. */
async function startedBy(thenMs: number, { ledger }: SpendingStop, nowMs: number): Promise<boolean> {
  const { isStopped, openedMs } = await ledger.of(monthOf(nowMs));
  if (isStopped) return false;
  if (openedMs !== undefined) return openedMs <= thenMs;
  return !(await ledger.of(monthBefore(nowMs).name)).isStopped; // some minutes pass until they run again
}
