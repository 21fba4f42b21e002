/** The size of a source, and the picture size and length that its header states; undefined where its header was not readable. */
export type SourceOutline = {
  /** True of a transport or program stream, which may hold several recordings that are copied before anything is made of them. */
  readonly mayBeJoined?: true;
  readonly bytes: number;
  readonly pixels: number | undefined;
  readonly durationSeconds: number | undefined;
};
