import type { SendTask } from '../../core/archive/rclone-args.ts';
import type { TransferProgress } from '../../core/archive/rclone-log.ts';
import type { SentFile } from '../../core/archive/sent-files.ts';
import type { BucketObject, BucketTransfer } from '../../core/ports/bucket-transfer.ts';

/** A folder of this machine with every file in it, hidden ones too. Links and devices are left out. */
type SyncFolder = {
  files(): AsyncIterable<FolderFile>;
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, text: string): Promise<void>;
  /** Reads a file once, for its SHA-256 and its ETag in S3 by parts of that size. */
  hashes(path: string, partMiB: number, options: HashOptions): Promise<Pick<SentFile, 'sha256' | 'etag'>>;
};

export type FolderFile = Pick<SentFile, 'path' | 'bytes' | 'modifiedMs'>;

type HashOptions = { readonly signal: AbortSignal; onProgress(bytes: number): void };

export type SyncPorts = { readonly folder: SyncFolder; readonly transfer: BucketTransfer };

export type SyncTask = Omit<SendTask, 'isDryRun'>;

export type SyncOptions = {
  readonly signal: AbortSignal;
  onProgress(phase: 'sending' | 'comparing', done: Pick<TransferProgress, 'bytes' | 'totalBytes' | 'etaSeconds'>): void;
};

/** The files of a folder and the objects below a place, by path. */
export type BothSides = {
  readonly files: ReadonlyMap<string, FolderFile>;
  readonly objects: ReadonlyMap<string, BucketObject>;
};
