import type { Probe } from '../film/probe.ts';
import type { Promised } from '../film/promised.ts';

/** What is known of a file before its packets are read; `promised` is what its index says of the picture. */
export type Inspected = {
  readonly probe: Probe;
  readonly warnings: readonly string[];
  readonly promised: Promised;
};
