import * as z from 'zod/mini';
import type { HttpAnswer, HttpAsked } from '../app/serve-thumbnail.ts';

/** What we read of a request to a function's own address (payload format 2.0). Names of headers come in lower case. */
const urlEvent = z.object({
  rawPath: z.string(),
  rawQueryString: z.string(),
  headers: z.object({ 'if-none-match': z.optional(z.string()) }),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

export function askedOfUrl(event: unknown): HttpAsked {
  const { rawPath: path, rawQueryString: query, headers, requestContext } = urlEvent.parse(event);
  return { method: requestContext.http.method, path, query, ifNoneMatch: headers['if-none-match'] };
}

/** Lambda takes at most 6 MB of JSON, and base64 is a third longer than what it stands for. */
const MOST_BYTES = 4.4e6;

export type UrlAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
};

/** An answer as Lambda wants it: bytes as base64. */
export function urlAnswer({ status, headers: given, body }: HttpAnswer): UrlAnswer {
  const headers = { 'x-content-type-options': 'nosniff', ...given };
  if (body === undefined || typeof body === 'string')
    return { statusCode: status, headers, ...(body !== undefined && { body }), isBase64Encoded: false };
  if (body.length > MOST_BYTES) return tooLarge(body.length);
  return { statusCode: status, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}

const tooLarge = (bytes: number): UrlAnswer => ({
  statusCode: 413,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: `${JSON.stringify({ code: 'over-limit', reason: `it has ${bytes} bytes, and ${MOST_BYTES} can be sent; ask for less width` })}\n`,
  isBase64Encoded: false,
});
