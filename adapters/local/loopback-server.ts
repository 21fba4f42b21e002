import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { ServiceError } from '../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../core/ports/http.ts';
import { codeOf } from '../../core/system-failure.ts';

type LoopbackServer = { readonly port: number; close(): Promise<void> };

/** Serves HTTP to this machine only. Port 0 takes any free port. Throws `cannot-write` if the port is in use. */
export async function loopbackServer(
  port: number,
  answer: (asked: HttpRequest) => Promise<HttpAnswer>,
): Promise<LoopbackServer> {
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000 }, async (incoming, response) => {
    const { status, headers, body } = isOurs(incoming) ? await answer(askedBy(incoming)).catch(broken) : FOREIGN;
    incoming.resume(); // discards the body, if there is one
    response.writeHead(status, { 'x-content-type-options': 'nosniff', ...headers });
    response.end(incoming.method === 'HEAD' ? undefined : body);
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ServiceError('cannot-write', `cannot listen on port ${port} (${codeOf(error)}); choose another`);
  }
  return {
    port: portOf(server),
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Whether the Host header names this machine. Otherwise a foreign web page could send requests by DNS rebinding. */
const isOurs = ({ headers: { host = '' } }: IncomingMessage) => /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(host);

const FOREIGN: HttpAnswer = {
  status: 403,
  headers: {},
  body: 'this server answers at localhost and 127.0.0.1 only\n',
};

const broken = (): HttpAnswer => ({
  status: 500,
  headers: { 'cache-control': 'no-store' },
  body: 'something went wrong here\n',
});

function askedBy({ method = '', url = '/', headers }: IncomingMessage): HttpRequest {
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  return { method, path, query, ifNoneMatch: headers['if-none-match'] };
}

/** Returns the port at which a server listens, also where it was asked for any that is free. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
