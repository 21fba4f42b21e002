/** One version of an object, opened for reading. Every read is of this version, or fails. */
export interface OpenObject {
  readonly bytes: number;
  /** A name of this version: two objects with the same name have the same bytes. */
  readonly version: string;
  /** Up to how many bytes between two ranges it is cheaper to read along than to ask twice. */
  readonly gapBytes: number;
  /** Reads [start, end), which lies within the object. Throws `reclaimed` if the object was replaced or changed. */
  read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Objects that are read in ranges. Every adapter passes test/contracts/media-objects.ts. */
export interface MediaObjects {
  /** Opens the newest version of an object, or the one that is named; undefined if there is no such object or version. */
  open(key: string, version: string | undefined, signal: AbortSignal): Promise<OpenObject | undefined>;
}
