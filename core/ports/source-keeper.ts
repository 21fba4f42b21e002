import type { FileSums } from '../file-record.ts';

/** Where a source is copied to, and what it has to be there. */
type SourceCopy = {
  readonly source: string;
  /** The key of the copy in the store of results. */
  readonly key: string;
  /** Size and sums of the bytes from which the results were made. */
  readonly sums: FileSums & { readonly crc64nvme: string };
};

export type Keeping = SourceCopy & {
  /** The storage class of the copy, where the store has classes. */
  readonly storageClass: string;
};

/** The source's own bytes as a result. */
export type Publishing = SourceCopy & {
  readonly contentType: string;
  /** The time of change that the copy gets, where the store can set it; otherwise that of its publication. */
  readonly modifiedMs?: number;
};

/** Copies sources beside the results. Every adapter passes test/contracts/source-keeper.ts. */
export interface SourceKeeper {
  /**
   * Copies a source, whole or not at all, and compares the copy's sum; it copies nothing where these bytes lie there already
   * in this class. Returns the class of the copy, if the store has classes; undefined if other bytes have the key, which
   * are never replaced. Throws `busy` if the source has changed, and `no-input` if there is none.
   */
  keep(keeping: Keeping, signal: AbortSignal): Promise<{ readonly storageClass?: string } | undefined>;
  /**
   * Copies a source to be a result, in place of what has the key, whole or not at all, and compares the copy's sum. Throws
   * `busy` if the source has changed, and `no-input` if there is none.
   */
  publish(publishing: Publishing, signal: AbortSignal): Promise<void>;
}
