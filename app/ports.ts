import type { JobId } from '../core/job/job.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { JobStore } from '../core/ports/job-store.ts';
import type { Media } from '../core/ports/media.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { Scratch } from '../core/ports/scratch.ts';
import type { Recipe } from '../core/recipes/recipe.ts';
import type { RawSettings } from '../core/recipes/settings.ts';

/** All that a use case may touch. On AWS the three stores are one bucket, on one machine three folders. */
export type Ports = {
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  readonly cache: ObjectStore;
  readonly jobs: JobStore;
  readonly notifier: Notifier;
  readonly media: Media;
  readonly scratch: Scratch;
  readonly clock: Clock;
  /** A name for whoever takes a job next; by it others can tell whether that one still lives. */
  newOwner(): string;
  /** Processors that may be used. */
  readonly cores: number;
};

/** What a drop asks for: one source under one recipe. */
export type JobRequest = {
  readonly source: string;
  readonly recipe: Recipe;
  readonly settings: RawSettings;
  /** Renditions and manifest get keys below it. */
  readonly outputPrefix: string;
  /** Where the reason lies if it fails. */
  readonly failureKey: string;
  readonly id: JobId;
  readonly places?: { readonly sources: string; readonly outputs: string };
};
