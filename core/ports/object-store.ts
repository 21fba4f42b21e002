export type ObjectInfo = { readonly key: string; readonly bytes: number; readonly modifiedMs: number };

/** A file on this machine with an object's bytes. `release` gives back whatever had to be copied for it. */
export type LocalFile = { readonly path: string; release(): Promise<void> };

export type PutOptions = { readonly contentType: string; readonly signal: AbortSignal };

/**
 * Where sources, pieces and renditions lie: an S3 bucket, or a folder. A key is a relative path with `/` between its
 * parts; one that would leave the store is refused with `bad-input`. Every adapter passes test/contracts/object-store.ts.
 */
export interface ObjectStore {
  head(key: string): Promise<ObjectInfo | undefined>;
  /** All objects whose key begins with `prefix`, in key order; hidden and temporary files of the adapter left out. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** The bytes of a small object (JSON, a report); undefined if there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Writes a small object: whole or not at all. */
  write(key: string, bytes: Uint8Array | string, contentType: string): Promise<void>;
  /** The object as a file here. A folder copies nothing. Throws `no-input` if there is none. */
  fetch(key: string, signal: AbortSignal): Promise<LocalFile>;
  /** Publishes a finished file, whole or not at all. The file at `path` may be moved away by it. */
  put(key: string, path: string, options: PutOptions): Promise<void>;
  /** A copy inside the store, whole or not at all (links where the store can). */
  copy(from: string, to: string): Promise<void>;
  /** As `copy`, of an object that is removed at once: until then both may be one file, where the store can. */
  link(from: string, to: string): Promise<void>;
  /** Removes the object; nothing happens if there is none. */
  remove(key: string): Promise<void>;
  /** Where people find the object: a path or an address. */
  locate(key: string): string;
}

/** The part of it that carries no files: all that a function needs. */
export type SmallObjects = Pick<ObjectStore, 'read' | 'write'>;
