/** How often a rendition was used, and when last (ms since 1970; undefined for never). */
export type Demand = { readonly views: number; readonly downloads: number; readonly usedMs: number | undefined };

export const NO_DEMAND: Demand = { views: 0, downloads: 0, usedMs: undefined };

/** The points for a view, for a download, and for having been used within the last `recentDays` days. */
export type DemandWeights = {
  readonly view: number;
  readonly download: number;
  readonly recent: number;
  readonly recentDays: number;
};

export const DEFAULT_WEIGHTS: DemandWeights = { view: 0.5, download: 2, recent: 100, recentDays: 7 };

const DAY_MS = 24 * 3_600_000;

/** The priority of a rendition: a rendition with a higher one is made first, and one that was never used has 0. */
export function priorityOf({ views, downloads, usedMs }: Demand, weights: DemandWeights, nowMs: number): number {
  const isRecent = usedMs !== undefined && nowMs - usedMs < weights.recentDays * DAY_MS;
  return views * weights.view + downloads * weights.download + (isRecent ? weights.recent : 0);
}

/** The priority of a whole drop, which is that of its most wanted rendition, and at least 0. */
export const highestPriority = (demands: Iterable<Demand>, weights: DemandWeights, nowMs: number): number =>
  Math.max(0, ...[...demands].map((demand) => priorityOf(demand, weights, nowMs)));
