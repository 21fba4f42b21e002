/** How much a rendition is wanted: how often it was used, and when last (ms since 1970; undefined for never). */
export type Demand = { readonly views: number; readonly downloads: number; readonly usedMs: number | undefined };

export const NO_DEMAND: Demand = { views: 0, downloads: 0, usedMs: undefined };

/** What a view and a download count, and what having been used within so many days does. */
export type DemandWeights = {
  readonly view: number;
  readonly download: number;
  readonly recent: number;
  readonly recentDays: number;
};

export const DEFAULT_WEIGHTS: DemandWeights = { view: 0.5, download: 2, recent: 100, recentDays: 7 };

const DAY_MS = 24 * 3_600_000;

/** Higher is made first. What was never used has 0. */
export function priorityOf({ views, downloads, usedMs }: Demand, weights: DemandWeights, nowMs: number): number {
  const isRecent = usedMs !== undefined && nowMs - usedMs < weights.recentDays * DAY_MS;
  return views * weights.view + downloads * weights.download + (isRecent ? weights.recent : 0);
}

/** Of a whole drop: its most wanted rendition's. */
export const highestPriority = (demands: Iterable<Demand>, weights: DemandWeights, nowMs: number): number =>
  Math.max(0, ...[...demands].map((demand) => priorityOf(demand, weights, nowMs)));
