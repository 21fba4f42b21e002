import type { Probe } from '../film/probe.ts';
import type { Promised } from '../film/promised.ts';

/** The properties of a file before its packets are read. `promised` has the frames that its index announces. */
export type Inspected = {
  readonly probe: Probe;
  readonly warnings: readonly string[];
  readonly promised: Promised;
};
