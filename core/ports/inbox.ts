import type { SourceOutline } from '../film/source-outline.ts';
import type { RawSettings } from '../settings/settings.ts';
import type { ObjectStore } from './object-store.ts';

/** The object under a dropped key. `version` changes whenever its bytes or its settings are written again. */
export type Arrival = {
  readonly bytes: number;
  readonly version: string;
  /** The settings that came with the drop, not yet validated. */
  readonly settings: RawSettings;
};

/** A source that lies in an archive class, where it cannot be read. */
export type ArchivedSource = {
  readonly className: 'glacier' | 'deep-archive' | 'it-archive' | 'it-deep-archive';
  readonly bytes: number;
  /** Whether somebody asked for it, and it is on its way. */
  readonly isRestoring: boolean;
};

/** How many days the copy of a restored source can be read. From Intelligent-Tiering the source itself comes back. */
export const RESTORED_DAYS = 7;

/** Reads the headers of sources. */
export interface Headers {
  /**
   * Reads a few kilobytes of the source and returns what its header states; undefined if there is no such source. Of one that
   * is archived, only its size is known.
   */
  measure(key: string): Promise<SourceOutline | undefined>;
  /** Returns how a source is archived; undefined if it can be read, or is not there. */
  archived(key: string): Promise<ArchivedSource | undefined>;
  /** Asks for an archived source to be made readable. Does nothing if that was asked for before. */
  restore(key: string, source: ArchivedSource, tier: 'standard' | 'bulk'): Promise<void>;
}

/** Reads drops and the files beside them. In a bucket the settings are object metadata, in a folder they are a file beside the drop. */
export interface Inbox extends Headers, Pick<ObjectStore, 'list'> {
  /** Returns the object under the key; undefined if there is none. */
  inspect(key: string): Promise<Arrival | undefined>;
}
