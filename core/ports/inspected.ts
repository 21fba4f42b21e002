import type { Probe } from '../media/probe.ts';
import type { Promised } from '../media/promised.ts';

/** What is known of a file before its packets are read; `promised` is what its index says of the picture. */
export type Inspected = {
  readonly probe: Probe;
  readonly warnings: readonly string[];
  readonly promised: Promised;
};
