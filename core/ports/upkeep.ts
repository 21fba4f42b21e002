/** A resource that was left behind, costs money or time, and does nothing; or a queue whose jobs get no machine. */
export type Leak = {
  readonly kind: 'upload' | 'work' | 'gpu-instance' | 'endpoint' | 'spot-job' | 'queue';
  readonly name: string;
  readonly sinceMs: number;
};

/** Finds and removes resources that were left behind. */
export interface Upkeep {
  /** A resource is a leak once it is this old. */
  readonly afterMs: number;
  /** Yields the resources that have been there since before `beforeMs`. */
  leaks(beforeMs: number): AsyncIterable<Leak>;
  /** Removes the leak; false where only people may remove it. */
  mend(leak: Leak): Promise<boolean>;
}
