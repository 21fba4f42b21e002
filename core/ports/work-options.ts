/** Options of work that takes long: how it is stopped and how it tells its progress. */
export type WorkOptions = {
  readonly signal: AbortSignal;
  /** `done` counts the frames or bytes of this call so far. */
  onProgress(done: number): void;
  /** Whether the process runs at the lowest priority. */
  readonly nice?: boolean;
};
