import type { FilePart } from '../bytes/byte-ranges.ts';

export type ObjectInfo = { readonly key: string; readonly bytes: number; readonly modifiedMs: number };

/** A file on this machine with an object's bytes. `release` deletes the copy, if one was made. */
export type LocalFile = {
  readonly path: string;
  /** Which version of the object it is; empty where the store cannot tell versions apart. */
  readonly version: string;
  release(): Promise<void>;
};

/** A file on this machine as large as an object, with those of the object's bytes that were asked for. */
export type PartFile = LocalFile & {
  /**
   * Writes these bytes of the object to their places. All bytes are of one version. Throws `reclaimed` if the object is
   * replaced meanwhile, and `disk-full`, before it reads anything, if they do not fit on the disk. Where the file is the object
   * itself, nothing is written.
   */
  fill(parts: readonly FilePart[]): Promise<void>;
};

type PutOptions = {
  readonly contentType: string;
  readonly signal: AbortSignal;
  /** The CRC64NVME that the file had when it was verified. A store that keeps sums refuses other bytes. */
  readonly crc64nvme?: string | undefined;
  /** The time of change that the file gets, where the store can set it; otherwise that of its publication. */
  readonly modifiedMs?: number;
};

/**
 * Stores sources, pieces and renditions in an S3 bucket or a folder. A key is a relative path with `/` between its parts; a
 * key that would leave the store is refused with `bad-input`. Every adapter passes test/contracts/object-store.ts.
 */
export interface ObjectStore {
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Lists all objects whose key begins with `prefix`, in key order, without the adapter's hidden and temporary files. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Returns the bytes of a small object (JSON, a report); undefined if there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Writes a small object, whole or not at all. */
  write(key: string, bytes: Uint8Array | string, contentType: string): Promise<void>;
  /** Returns the object as a local file, which a folder store does without copying. Throws `no-input` if there is none. */
  fetch(key: string, signal: AbortSignal): Promise<LocalFile>;
  /**
   * Returns the object as a local file that is still empty, to be filled by parts; undefined if the object is gone or of another version by
   * now. In a folder the whole file is there at once.
   */
  fetchParts(key: string, version: string, signal: AbortSignal): Promise<PartFile | undefined>;
  /**
   * Returns a new local file in which these parts of the object lie one behind the other; undefined if the object is gone or of
   * another version by now. Throws what `PartFile.fill` throws.
   */
  fetchStretches(
    key: string,
    version: string,
    parts: readonly FilePart[],
    signal: AbortSignal,
  ): Promise<LocalFile | undefined>;
  /** Publishes a finished file, whole or not at all. The file at `path` may be moved away. */
  put(key: string, path: string, options: PutOptions): Promise<void>;
  /** Copies an object inside the store, whole or not at all (by a link where the store can). */
  copy(from: string, to: string): Promise<void>;
  /** Copies an object whose original is removed right afterwards; until then both keys may share one file. */
  link(from: string, to: string): Promise<void>;
  /** Removes the object; does nothing if there is none. */
  remove(key: string): Promise<void>;
  /** Returns where people find the object, a path or an address. */
  locate(key: string): string;
}

/** The part of an object store without files, which is all that the AWS functions need. */
export type SmallObjects = Pick<ObjectStore, 'read' | 'write'>;
