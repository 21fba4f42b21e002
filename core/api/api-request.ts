import type { Caller } from './caller.ts';

/** A request to the API as a server or API Gateway received it. */
export type ApiRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Reads the body's JSON, only of requests that a route takes. Throws `usage` for a body that is no JSON. */
  body(): Promise<unknown>;
  /** Who asks; undefined if that is not known. */
  readonly caller: Caller | undefined;
  /** What renews the caller's token, out of a cookie that pages cannot read. */
  readonly renewal: string | undefined;
};

type JsonAnswer = {
  readonly kind: 'json';
  readonly status: number;
  /** Undefined for an answer without a body. */
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** What the cookie becomes that renews the caller's token; an empty text ends it. */
  readonly renewal?: string;
};

/** A route that only a server on this machine has, which answers it itself. */
type StreamAnswer = { readonly kind: 'events'; readonly since: number | undefined } | PartAnswer;

/** A part that arrives at its signed address. */
export type PartAnswer = {
  readonly kind: 'part';
  readonly upload: string;
  readonly part: number;
  readonly query: PartQuery;
};

type PartQuery = {
  readonly checksum: string;
  readonly start: string;
  readonly bytes: string;
  readonly expires: string;
  readonly signature: string;
};

export type ApiAnswer = JsonAnswer | StreamAnswer;

/** The most bytes of JSON that are read: a completion names 10,000 parts. */
export const MOST_JSON_BYTES = 2 * 1024 ** 2;
