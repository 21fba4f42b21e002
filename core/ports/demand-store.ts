import type { Demand } from '../renditions/priority.ts';

export type Uses = { readonly views: number; readonly downloads: number };

/** Counts what people do with renditions, by where a job publishes. Every adapter passes test/contracts/demand-store.ts. */
export interface DemandStore {
  /** Adds to what was counted, from any number of processes at once. A count whose answer was lost may count twice. */
  count(outputPrefix: string, rendition: string, uses: Uses, nowMs: number): Promise<void>;
  /** By the names of renditions; what was never used is not in it. */
  of(outputPrefix: string): Promise<ReadonlyMap<string, Demand>>;
}
