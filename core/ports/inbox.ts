import type { SourceOutline } from '../film/source-outline.ts';
import type { RawSettings } from '../settings/settings.ts';
import type { ObjectStore } from './object-store.ts';

/** What lies under a dropped key. `version` changes whenever its bytes are written anew, or with other settings. */
export type Arrival = {
  readonly bytes: number;
  readonly version: string;
  /** Whether it is encrypted under a key of its owner's, which we may not be allowed to use. */
  readonly isUnderKey?: boolean;
  /** What whoever dropped it asks for, unchecked. */
  readonly settings: RawSettings;
};

/** Reads the headers of sources. */
export interface Headers {
  /** What its header says, at the price of reading a few kilobytes. Undefined if there is nothing. */
  measure(key: string): Promise<SourceOutline | undefined>;
}

/** Looks at what was dropped, and at what lies beside it. In a bucket the settings are object metadata, in a folder a file beside it. */
export interface Inbox extends Headers, Pick<ObjectStore, 'list'> {
  /** Undefined if there is nothing. */
  inspect(key: string): Promise<Arrival | undefined>;
}
