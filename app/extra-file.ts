/** A file besides the renditions: made and not yet published, its content at hand, or there already. */
export type ExtraFile = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly file?: string | undefined;
  readonly content?: string | Uint8Array | undefined;
};
