/** A request for a file. The path is the key, percent-encoded, without a slash in front. */
export type MediaAsk = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

export type MediaAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** It may throw in the middle; the connection is then to be cut, so that nobody takes the answer for whole. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
  /** Closes what the answer holds open; to be called once, whether its body was read or not. */
  release(): Promise<void>;
};
