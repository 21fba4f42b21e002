import * as z from 'zod/mini';
import { type ApiAnswer, type ApiRequest, MOST_JSON_BYTES } from '../core/api/api-request.ts';
import type { Caller } from '../core/api/caller.ts';
import { ServiceError, usage } from '../core/errors.ts';
import { SAFE_HEADERS } from '../runtime/served-pages.ts';

/** The fields that we read of a request to an HTTP API (payload format 2.0). Header names are in lower case. */
const httpApiEvent = z.object({
  rawPath: z.string(),
  rawQueryString: z.string(),
  cookies: z.optional(z.array(z.string())),
  headers: z.object({ 'if-none-match': z.optional(z.string()) }),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    http: z.object({ method: z.string() }),
    authorizer: z.optional(z.object({ jwt: z.optional(z.object({ claims: z.unknown() })) })),
  }),
});

/** Pages cannot read it, only this host gets it, and no other site's requests carry it. */
const COOKIE = '__Host-reelmill';
const RENEWAL_SECONDS = 30 * 86_400;

export type HttpApiRequest = ApiRequest & { readonly ifNoneMatch: string | undefined };

/** Reads the event of a request. `callerOf` says whose claims they are that the authorizer has found in the token. */
export function askedOfHttpApi(event: unknown, callerOf: (claims: unknown) => Caller | undefined): HttpApiRequest {
  const {
    rawPath,
    rawQueryString,
    cookies = [],
    headers,
    body,
    isBase64Encoded,
    requestContext,
  } = httpApiEvent.parse(event);
  const cookie = cookies.find((each) => each.startsWith(`${COOKIE}=`));
  const value = cookie === undefined ? '' : decodeURIComponent(cookie.slice(COOKIE.length + 1));
  return {
    method: requestContext.http.method,
    path: rawPath,
    query: Object.fromEntries(new URLSearchParams(rawQueryString)),
    body: async () => jsonIn(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? '')),
    caller: callerOf(requestContext.authorizer?.jwt?.claims),
    renewal: value === '' ? undefined : value,
    ifNoneMatch: headers['if-none-match'],
  };
}

function jsonIn(text: string): unknown {
  if (text.length > MOST_JSON_BYTES)
    throw new ServiceError('over-limit', `the body has more than ${MOST_JSON_BYTES} bytes; send less at once`);
  try {
    return JSON.parse(text);
  } catch {
    throw usage('the body is no JSON in UTF-8');
  }
}

export type HttpApiAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded: boolean;
};

/** Returns an answer in the form of an HTTP API. */
export function httpApiAnswer(answer: ApiAnswer): HttpApiAnswer {
  if (answer.kind !== 'json') throw new Error(`the route of ${answer.kind} is not served on AWS`);
  const { status, json, headers, renewal } = answer;
  return {
    statusCode: status,
    headers: { ...SAFE_HEADERS, ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(renewal !== undefined && { cookies: [cookieOf(renewal)] }),
    ...(json !== undefined && { body: `${JSON.stringify(json)}\n` }),
    isBase64Encoded: false,
  };
}

const cookieOf = (renewal: string): string =>
  `${COOKIE}=${encodeURIComponent(renewal)}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${renewal === '' ? 0 : RENEWAL_SECONDS}`;
