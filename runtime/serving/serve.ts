import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portOf } from '../../adapters/local/loopback-server.ts';
import type { ApiAnswer, ApiRequest, PartAnswer } from '../../core/api/api-request.ts';
import { refusal } from '../../core/api/refusal.ts';
import { asServiceError, FAILURES, ServiceError } from '../../core/errors.ts';
import { codeOf } from '../../core/system-failure.ts';
import { SAFE_HEADERS, type ServedPages } from '../served-pages.ts';
import { jsonText, requestOf } from './api-over-http.ts';
import type { EventHub } from './event-hub.ts';
import { limitConnections } from './limit-connections.ts';
import { sendEvents } from './send-events.ts';
import { foreignFault, type ServeGuard, serveGuard } from './serve-guard.ts';
import type { ServeMedia } from './served-media.ts';

type ServeOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly pages: ServedPages;
  readonly media: ServeMedia;
  readonly events: EventHub;
  /** The most connections that may be open at once. */
  readonly mostConnections?: number;
  now(): number;
  answer(asked: ApiRequest): Promise<ApiAnswer>;
  /** Takes the bytes of a part at its address. */
  receive(part: PartAnswer, contentLength: number | undefined, body: AsyncIterable<Uint8Array>): Promise<void>;
};

type PageServer = {
  /** The address by which people come in, with the token. */
  readonly url: string;
  readonly port: number;
  /** An address that comes in once, within a minute. */
  urlForOnce(): string;
  /** Ends the streams and what is idle at once, and everything else after a moment. */
  close(): Promise<void>;
};

const GRACE_MS = 2000;

/** Serves pages, API, events and films to this machine only. Throws `cannot-write` if the port is in use. */
export async function servePages(options: ServeOptions): Promise<PageServer> {
  const server = createServer({ maxHeaderSize: 16_384, headersTimeout: 20_000, requestTimeout: 0 });
  const refused = limitConnections(server, options.mostConnections ?? 512);
  await listen(server, options.port);
  const port = portOf(server);
  const guard = serveGuard(port, options.now);
  const closing = new AbortController();
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    if (refused.has(incoming.socket)) return;
    respond(incoming, response, { ...options, guard, port, closing: closing.signal }).catch(() => response.destroy());
  });
  const base = `http://127.0.0.1:${port}`;
  return {
    url: `${base}/?token=${guard.token}`,
    port,
    urlForOnce: () => `${base}/?token=${guard.codeForOnce()}`,
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

type Serving = ServeOptions & { readonly guard: ServeGuard; readonly port: number; readonly closing: AbortSignal };

async function respond(incoming: IncomingMessage, response: ServerResponse, context: Serving): Promise<void> {
  const { guard, port } = context;
  const fault = foreignFault(port, incoming);
  if (fault !== undefined) return sendJson(response, refusal('not-allowed', fault), incoming);
  const asked = requestOf(incoming, guard.knows(incoming.headers));
  const token = asked.query.token;
  if (asked.path.startsWith('/api/')) return respondToApi(asked, { incoming, response }, context);
  if (asked.path.startsWith('/media/')) {
    if (asked.caller) return context.media(incoming, response, asked.path);
    return sendJson(
      response,
      refusal('signed-out', 'nobody is signed in; open the address that the terminal shows'),
      incoming,
    );
  }
  if (token !== undefined && asked.method === 'GET') return comeIn(asked, token, { response, guard });
  return sendPage(asked, { incoming, response }, context);
}

/** Exchanges a token in the address for a cookie, and leads to the same address without it. */
function comeIn(
  { path }: ApiRequest,
  token: string,
  { response, guard }: { readonly response: ServerResponse; readonly guard: ServeGuard },
): void {
  if (!guard.admits(token)) {
    const text =
      'This address was for an earlier start of reelmill serve, or was used already; open the one that the terminal shows.\n';
    response.writeHead(401, {
      ...SAFE_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(text);
    return;
  }
  const location = path.replace(/^\/+/, '/'); // two slashes would lead to another server
  response.writeHead(303, { ...SAFE_HEADERS, location, 'set-cookie': guard.cookie(), 'cache-control': 'no-store' });
  response.end();
}

type Exchange = { readonly incoming: IncomingMessage; readonly response: ServerResponse };

function sendPage({ method, path }: ApiRequest, { incoming, response }: Exchange, { pages }: Serving): void {
  const isRead = method === 'GET' || method === 'HEAD';
  const page = isRead ? pages.at(path) : undefined;
  if (!page) {
    sendJson(response, refusal('no-input', `there is nothing at ${path}`), incoming);
    return;
  }
  const isKnown = page.status === 200 && incoming.headers['if-none-match'] === page.headers.etag;
  response.writeHead(
    isKnown ? 304 : page.status,
    isKnown ? page.headers : { ...page.headers, 'content-length': page.body.length },
  );
  response.end(isKnown || method === 'HEAD' ? undefined : page.body);
}

async function respondToApi(asked: ApiRequest, exchange: Exchange, context: Serving): Promise<void> {
  const { incoming, response } = exchange;
  const answer = await context.answer(asked);
  if (answer.kind === 'events') return sendEvents(exchange, answer.since, context);
  const json = answer.kind === 'part' ? await partTaken(answer, incoming, context) : answer;
  const cookie = json.renewal === '' ? { 'set-cookie': context.guard.endedCookie() } : {};
  sendJson(response, { ...json, headers: { ...json.headers, ...cookie } }, incoming);
}

type ServedJson = Extract<ApiAnswer, { kind: 'json' }>;

async function partTaken(part: PartAnswer, incoming: IncomingMessage, { receive }: Serving): Promise<ServedJson> {
  try {
    const length = incoming.headers['content-length'];
    await receive(part, length === undefined ? undefined : Number(length), incoming);
    return { kind: 'json', status: 200, json: { number: part.part }, headers: { 'cache-control': 'no-store' } };
  } catch (error) {
    const { code, message } = asServiceError(error);
    return refusal(code, code === 'bug' ? 'something went wrong here' : message, FAILURES[code].http);
  }
}

function sendJson(response: ServerResponse, { status, json, headers }: ServedJson, incoming: IncomingMessage): void {
  const body = json === undefined ? undefined : jsonText(json);
  const isUnread = !incoming.complete && incoming.headers['content-length'] !== undefined;
  response.writeHead(status, {
    ...SAFE_HEADERS,
    ...headers,
    ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...(isUnread && { connection: 'close' }), // the rest of the body is not read
  });
  response.end(incoming.method === 'HEAD' ? undefined : body);
  incoming.resume();
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const why = codeOf(error) === 'EADDRINUSE' ? 'another program uses it' : `${codeOf(error)}`;
    throw new ServiceError(
      'cannot-write',
      `cannot listen on port ${port}: ${why}; give another one with --port, or 0 for any`,
    );
  }
}
