/** An HTTP request as a server or a function's address received it. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  /** The query without its question mark, percent-encoded as it came. */
  readonly query: string;
  readonly ifNoneMatch: string | undefined;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | undefined;
};
