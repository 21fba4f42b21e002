import type { SentSoFar } from '../../../core/upload/transfer-speed.ts';
import type { BegunUpload } from './upload-ports.ts';

export type AskedSettings = Readonly<Record<string, string>>;

/** Where an upload stands. */
export type UploadState =
  | { readonly status: 'queued' }
  /** `trouble` is what keeps it from going on; it goes on by itself. */
  | { readonly status: 'sending'; readonly trouble: string | undefined }
  | { readonly status: 'paused' }
  /** This browser cannot open the file by itself: the person allows it, or gives the file again. */
  | { readonly status: 'needs-file'; readonly why: 'permission' | 'reload' }
  /** Another tab of this browser sends it. */
  | { readonly status: 'elsewhere' }
  | { readonly status: 'done' }
  | { readonly status: 'failed'; readonly reason: string; readonly advice: string | undefined };

/** A file on its way, as a person sees it. */
export type UploadItem = {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly recipe: string;
  readonly settings: AskedSettings;
  readonly begun: BegunUpload | undefined;
  readonly state: UploadState;
  readonly sentBytes: number;
  /** From these the speed is told. */
  readonly moments: readonly SentSoFar[];
};

/** Whether an upload waits or sends. */
export const isUnderWay = ({ state: { status } }: UploadItem) => status === 'queued' || status === 'sending';
