import type { FileSums } from '../file-record.ts';

/** Where a source is kept, and what it has to be there. */
export type Keeping = {
  readonly source: string;
  /** The key of the copy in the store of results. */
  readonly key: string;
  /** Size and sums of the bytes from which the results were made. */
  readonly sums: FileSums & { readonly crc64nvme: string };
  /** The storage class of the copy, where the store has classes. */
  readonly storageClass: string;
};

/** Copies sources beside the results. Every adapter passes test/contracts/source-keeper.ts. */
export interface SourceKeeper {
  /**
   * Copies a source, whole or not at all, and compares the copy's sum; it copies nothing where these bytes lie there already
   * in this class. Returns the class of the copy, if the store has classes; undefined if other bytes have the key, which
   * are never replaced. Throws `busy` if the source has changed, and `no-input` if there is none.
   */
  keep(keeping: Keeping, signal: AbortSignal): Promise<{ readonly storageClass?: string } | undefined>;
}
