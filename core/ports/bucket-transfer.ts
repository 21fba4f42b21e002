import type { BucketPlace, MountTask, SendTask } from '../archive/rclone-args.ts';
import type { TransferProgress } from '../archive/rclone-log.ts';

/** An object below a place, by its path from there. `etag` is without quotes. */
export type BucketObject = { readonly path: string; readonly bytes: number; readonly etag: string };

export type SendOptions = { readonly signal: AbortSignal; onProgress(progress: TransferProgress): void };

export type TransferResult = {
  readonly files: number;
  readonly bytes: number;
  /** What could not be sent; a sentence each. */
  readonly errors: readonly string[];
};

/** Sends an archive to a bucket and back. Throws `missing-tool` without a program that can. */
export interface BucketTransfer {
  /** Sends what is new in a folder; a dry run only counts it. Throws `no-input` where the bucket cannot be used. */
  send(task: SendTask, options: SendOptions): Promise<TransferResult>;
  /** Sends these files of the folder, whatever the bucket has of them. */
  sendAgain(task: SendTask, paths: readonly string[], options: SendOptions): Promise<TransferResult>;
  /** Lists every object below a place. */
  list(place: BucketPlace, signal: AbortSignal): AsyncIterable<BucketObject>;
  /** Reads these objects back and returns the SHA-256 of each that is there, hexadecimal, by path. */
  readBack(place: BucketPlace, paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Deletes these objects. Returns what could not be deleted. */
  remove(place: BucketPlace, paths: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Mounts a place, and returns when it is unmounted. */
  mount(task: MountTask, signal: AbortSignal): Promise<void>;
}
