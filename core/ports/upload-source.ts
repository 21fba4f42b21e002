import type { PartAddress } from './part-store.ts';

/** The bytes [start, end). */
type Range = { readonly start: number; readonly end: number };

/** What a server answered to a part. `status` is 0 where no answer came; `code` is S3's own name of a refusal. */
type PutAnswer = { readonly status: number; readonly code: string; readonly reason: string };

/** A file at hand that is sent in parts, as it was when it was opened. */
export interface UploadSource {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Whether size and time of the file are as they were. */
  isUnchanged(): Promise<boolean>;
  /** Returns the SHA-256 of a range in base64. Throws `busy` if the file has become shorter. */
  checksum(range: Range): Promise<string>;
  /** Sends a range to a signed address. `onSent` is told how many of its bytes have gone out. */
  put(to: PartAddress, range: Range, onSent: (bytes: number) => void, signal: AbortSignal): Promise<PutAnswer>;
  close(): Promise<void>;
}
