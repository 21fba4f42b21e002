/** A month in UTC, from `fromMs` to before `toMs`. Its name is like "2026-10". */
export type Month = { readonly name: string; readonly fromMs: number; readonly toMs: number };

/** The last whole month before `nowMs`. */
export function monthBefore(nowMs: number): Month {
  const now = new Date(nowMs);
  const fromMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1);
  const toMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  return { name: dayOf(fromMs).slice(0, 7), fromMs, toMs };
}

/** The day in UTC, as "2026-10-01". */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The name of the month in UTC, as "2026-10". */
export const monthOf = (ms: number): string => dayOf(ms).slice(0, 7);
