import type { SourceOutline } from '../film/source-outline.ts';
import type { RawSettings } from '../settings/settings.ts';
import type { ObjectStore } from './object-store.ts';

/** The object under a dropped key. `version` changes whenever its bytes or its settings are written again. */
export type Arrival = {
  readonly bytes: number;
  readonly version: string;
  /** Whether it is encrypted with a key of its owner, which the service may not be allowed to use. */
  readonly isUnderKey?: boolean;
  /** The settings that came with the drop, not yet validated. */
  readonly settings: RawSettings;
};

/** Reads the headers of sources. */
export interface Headers {
  /** Reads a few kilobytes of the source and returns what its header states; undefined if there is no such source. */
  measure(key: string): Promise<SourceOutline | undefined>;
}

/** Reads drops and the files beside them. In a bucket the settings are object metadata, in a folder they are a file beside the drop. */
export interface Inbox extends Headers, Pick<ObjectStore, 'list'> {
  /** Returns the object under the key; undefined if there is none. */
  inspect(key: string): Promise<Arrival | undefined>;
}
