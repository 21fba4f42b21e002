import type { Demand } from '../renditions/priority.ts';

export type Uses = { readonly views: number; readonly downloads: number };

/** Counts the uses of renditions by the prefix under which a job publishes. Every adapter passes test/contracts/demand-store.ts. */
export interface DemandStore {
  /** Adds to the counts; any number of processes may do so at once. A call whose answer was lost may count twice. */
  count(outputPrefix: string, rendition: string, uses: Uses, nowMs: number): Promise<void>;
  /** Returns the demand by the names of renditions; renditions that were never used are absent. */
  of(outputPrefix: string): Promise<ReadonlyMap<string, Demand>>;
}
