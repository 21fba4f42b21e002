/** A month in UTC, [from, to), as "2026-10". */
export type Month = { readonly name: string; readonly fromMs: number; readonly toMs: number };

/** The month before the one that it is now. */
export function monthBefore(nowMs: number): Month {
  const now = new Date(nowMs);
  const fromMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1);
  const toMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  return { name: dayOf(fromMs).slice(0, 7), fromMs, toMs };
}

/** "2026-10-01" */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
