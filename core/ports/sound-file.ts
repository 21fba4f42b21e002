import type { Access } from '../film/access.ts';
import type { FragmentedTrack } from '../film/fragments.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/** A sound of a source that is written to a file of its own; `offsetSeconds` is added to the source's times. */
export type SoundFileTask = {
  readonly path: string;
  readonly access: Access;
  readonly offsetSeconds: number;
  readonly plan: StreamPlan;
  readonly output: string;
};

/** The header and the fragments of a fragmented MP4 that holds one sound. */
export type SoundMap = {
  /** Types of the boxes before the first fragment, in order. */
  readonly head: readonly string[];
  /** The bytes that a player needs before any fragment, `ftyp` and `moov`, which begin the file. */
  readonly headerBytes: number;
  readonly sound: FragmentedTrack;
};
