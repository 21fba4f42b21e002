import type { Usage } from '../job/job.ts';
import type { ContainerShare } from '../plan/run-bill.ts';
import type { Clock } from './clock.ts';
import type { DemandStore } from './demand-store.ts';
import type { FileMaker } from './file-maker.ts';
import type { FilmReader } from './film-reader.ts';
import type { InPlace } from './in-place.ts';
import type { JobStore } from './job-store.ts';
import type { Measurer } from './measurer.ts';
import type { Notifier } from './notifier.ts';
import type { ObjectStore } from './object-store.ts';
import type { Scratch } from './scratch.ts';
import type { SourceKeeper } from './source-keeper.ts';

/** All effects of a use case. On AWS the stores are prefixes of one bucket, on one machine they are folders. */
export type Ports = {
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  readonly cache: ObjectStore;
  /** Records which results were made from which bytes. It outlives the cache. */
  readonly made: ObjectStore;
  readonly inPlace: InPlace;
  readonly keeper: SourceKeeper;
  readonly jobs: JobStore;
  readonly demand: DemandStore;
  readonly notifier: Notifier;
  readonly reader: FilmReader;
  readonly maker: FileMaker;
  readonly measurer: Measurer;
  readonly scratch: Scratch;
  readonly clock: Clock;
  /** Returns a name for the next process that claims a job, by which others can tell whether that process is alive. */
  newOwner(): string;
  /** How many processors may be used. */
  readonly cores: number;
  /** How this process shares its container with other films, which its bill says; undefined if it has a machine for itself. */
  readonly sharing?: ContainerShare | undefined;
  /** Whether a source is still at the location that `locate` returned, in this store of sources or another. */
  isThere(location: string): Promise<boolean>;
  /** Returns the memory and processors of this container and how much was used so far; undefined where they cannot be read. */
  usage(): Promise<Usage | undefined>;
};
