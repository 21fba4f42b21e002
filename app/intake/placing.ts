import type { Layout, OutputKeys } from '../../core/job/drop.ts';
import type { Job } from '../../core/job/job.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { NameHolder, ResultNames } from '../../core/ports/result-names.ts';
import type { Order } from '../../core/recipes/menu.ts';

/** A film that somebody named, or that lies in a folder that somebody named. */
export type NamedFilm = {
  /** Its path below the folder. */
  readonly path: string;
  /** Where people find it. */
  readonly location: string;
};

/** What is asked of films. Of two recipes that would give a film one name, the one of lower rank has it. */
export type LaidOrder = Order & {
  readonly layout: Layout;
  readonly rank: number;
  /** Whether its film takes the place of its source. */
  readonly replaces?: boolean;
};

export type PlacingPorts = {
  readonly names: ResultNames;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly outputs: Pick<ObjectStore, 'head' | 'read' | 'locate'>;
  /** The folder of results, as a part of a job's identity. */
  readonly store: string;
  isThere(location: string): Promise<boolean>;
  /** Returns the size and the SHA-256 of a source. */
  identify(film: NamedFilm): Promise<{ readonly bytes: number; sha256(): Promise<string> }>;
};

/** One film under one recipe: the job that it is, and what this job has published. */
export type Placing = {
  readonly film: NamedFilm;
  readonly order: LaidOrder;
  readonly holder: NameHolder;
  readonly keys: OutputKeys;
  /** The path that the job's identity is made of. */
  readonly identity: string;
  readonly job: Job | undefined;
  readonly manifest: Manifest | undefined;
  /** The keys of the files that this job published. */
  readonly published: ReadonlySet<string>;
};
