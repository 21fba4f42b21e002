/** The size of a source, and the picture size and length that its header states; undefined where its header was not readable. */
export type SourceOutline = {
  readonly bytes: number;
  readonly pixels: number | undefined;
  readonly durationSeconds: number | undefined;
};
