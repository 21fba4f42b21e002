import type { Usage } from '../job/job.ts';
import type { Clock } from './clock.ts';
import type { DemandStore } from './demand-store.ts';
import type { JobStore } from './job-store.ts';
import type { Media } from './media.ts';
import type { Notifier } from './notifier.ts';
import type { ObjectStore } from './object-store.ts';
import type { Scratch } from './scratch.ts';

/** All that a use case may touch. On AWS the three stores are one bucket, on one machine three folders. */
export type Ports = {
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  readonly cache: ObjectStore;
  /** What was made of which bytes. It outlives the cache. */
  readonly made: ObjectStore;
  readonly jobs: JobStore;
  readonly demand: DemandStore;
  readonly notifier: Notifier;
  readonly media: Media;
  readonly scratch: Scratch;
  readonly clock: Clock;
  /** A name for whoever takes a job next; by it others can tell whether that one still lives. */
  newOwner(): string;
  /** Processors that may be used. */
  readonly cores: number;
  /** Whether a source still lies where `locate` said, in this store of sources or another. */
  isThere(location: string): Promise<boolean>;
  /** What the container that does this had to give, and what was taken of it so far; undefined where nothing tells. */
  usage(): Promise<Usage | undefined>;
};
