import * as z from 'zod/mini';
import type { HttpAnswer, HttpRequest } from '../core/ports/http.ts';
import type { MediaAsk } from '../core/ports/media-http.ts';

/** The fields that we read of a request to a function's URL (payload format 2.0). Header names are in lower case. */
const urlEvent = z.object({
  rawPath: z.string(),
  rawQueryString: z.string(),
  headers: z.object({ 'if-none-match': z.optional(z.string()) }),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

/** Reads the event of a request to a function's URL. */
export function askedOfUrl(event: unknown): HttpRequest {
  const { rawPath: path, rawQueryString: query, headers, requestContext } = urlEvent.parse(event);
  return { method: requestContext.http.method, path, query, ifNoneMatch: headers['if-none-match'] };
}

const MEDIA = '/media/';

/** The fields that we read of a request for a file: any header may matter. */
const mediaEvent = z.object({ ...urlEvent.shape, headers: z.record(z.string(), z.string()) });

/**
 * Reads the event of a request for a file. Any address that is not below `/media/` has an empty key, which is refused. Lambda
 * does not tell when a client goes away.
 */
export function mediaAskOfUrl(event: unknown): MediaAsk {
  const { rawPath, rawQueryString: query, headers, requestContext } = mediaEvent.parse(event);
  const path = rawPath.startsWith(MEDIA) ? rawPath.slice(MEDIA.length) : '';
  return { method: requestContext.http.method, path, query, headers, signal: new AbortController().signal };
}

/** Lambda sends at most 6 MB of JSON, and base64 is a third longer than the bytes. */
const MOST_BYTES = 4.4e6;

export type UrlAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
};

/** Returns an answer in Lambda's format, with bytes as base64. An answer that is too large becomes status 413. */
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
  body: `${JSON.stringify({ code: 'over-limit', reason: `the picture has ${bytes} bytes, and at most ${MOST_BYTES} can be sent; ask for a smaller width` })}\n`,
  isBase64Encoded: false,
});
