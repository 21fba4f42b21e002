/** A file besides the renditions: made and not yet published, a text, or there already. */
export type ExtraFile = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly file?: string | undefined;
  readonly text?: string | undefined;
};
