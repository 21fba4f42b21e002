/** A file besides the renditions: a new file on the disk, new content in memory, or a file that is published already. */
export type ExtraFile = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly file?: string | undefined;
  readonly content?: string | Uint8Array | undefined;
};
