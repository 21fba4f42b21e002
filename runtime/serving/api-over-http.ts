import type { IncomingMessage } from 'node:http';
import { type ApiRequest, MOST_JSON_BYTES } from '../../core/api/api-request.ts';
import { LOCAL_CALLER } from '../../core/api/caller.ts';
import { ServiceError, usage } from '../../core/errors.ts';

/** Reads what the API asks of a request. Of a query that names a thing twice, the last counts. */
export function requestOf(incoming: IncomingMessage, isKnown: boolean): ApiRequest {
  const { method = 'GET', url = '/' } = incoming;
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  return {
    method,
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    body: () => bodyOf(incoming),
    caller: isKnown ? LOCAL_CALLER : undefined,
    renewal: undefined,
  };
}

/** The JSON of an answer. A line break at its end keeps terminals readable. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value)}\n`;

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const type = incoming.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type))
    throw usage(`the body has the type ${JSON.stringify(type)}; it has to be application/json`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > MOST_JSON_BYTES)
      throw new ServiceError('over-limit', `the body has more than ${MOST_JSON_BYTES} bytes; send less at once`);
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks));
}

/** Parses JSON in UTF-8. Throws `usage`. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw usage('the body is no JSON in UTF-8');
  }
}
