/** Something left lying that costs money, or time, and does nothing. */
export type Leak = {
  readonly kind: 'upload' | 'work' | 'gpu-instance' | 'endpoint' | 'spot-job';
  readonly name: string;
  readonly sinceMs: number;
};

/** Finds what was left lying. */
export interface Upkeep {
  /** Only what has lain there for so long is a leak. */
  readonly afterMs: number;
  /** What has lain there since before `beforeMs`. */
  leaks(beforeMs: number): AsyncIterable<Leak>;
  /** Takes it away; false where only people may. */
  mend(leak: Leak): Promise<boolean>;
}
