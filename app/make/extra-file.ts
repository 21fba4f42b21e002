import type { FileRecord } from '../../core/file-record.ts';

/** A file besides the renditions: a new file on the disk, new content in memory, or a file that is published already. */
export type ExtraFile = FileRecord & {
  readonly file?: string | undefined;
  readonly content?: string | Uint8Array | undefined;
};
