import type { UploadMemory } from './remembered-uploads.ts';
import type { AskedSettings } from './upload-item.ts';
import type { BegunUpload, SendPorts } from './upload-ports.ts';

export type UnfinishedUpload = BegunUpload & {
  readonly recipe: string;
  readonly path: string;
  readonly modifiedMs?: number | undefined;
};

export type UploadsPorts = SendPorts & {
  readonly memory: UploadMemory;
  begin(asked: {
    readonly recipe: string;
    readonly path: string;
    readonly bytes: number;
    readonly modifiedMs: number;
    readonly settings: AskedSettings;
  }): Promise<BegunUpload>;
  abort(upload: string): Promise<void>;
  unfinished(): Promise<readonly UnfinishedUpload[]>;
  onlyHere<T>(
    upload: string,
    turn: { readonly signal: AbortSignal; onWaiting(): void },
    work: (waited: boolean) => Promise<T>,
  ): Promise<T>;
  headOf(file: Blob): Promise<string>;
  /** The file of a handle, if the person allows it; only a click may ask the person. */
  open(handle: FileSystemFileHandle, may: 'ask' | 'not-ask'): Promise<File | undefined>;
  nowMs(): number;
  newId(): string;
};
