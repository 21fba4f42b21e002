/** What is known of a source before anything is decoded. Picture and length stand in its header, if that was readable. */
export type SourceOutline = {
  readonly bytes: number;
  readonly pixels: number | undefined;
  readonly durationSeconds: number | undefined;
};
