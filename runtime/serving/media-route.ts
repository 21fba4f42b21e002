import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MediaAnswer, MediaAsk } from '../../core/ports/media-http.ts';

type MediaRoute = (incoming: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Returns a handler for the addresses below `prefix` (`/media/`) of a node:http server, which answers false for all others.
 * Whether the caller may read, and whether the Host header is ours, is for the server to check before.
 */
export const mediaRoute =
  (prefix: string, serve: (asked: MediaAsk) => Promise<MediaAnswer>): MediaRoute =>
  async (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const mark = url.indexOf('?');
    const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
    if (!path.startsWith(prefix)) return false;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    incoming.resume(); // discards a body, if there is one
    await send(response, await serve({ method, path: path.slice(prefix.length), query, headers, signal: gone.signal }));
    return true;
  };

/** Sends an answer at the pace of the client. Where reading fails in the middle, the connection is cut. */
async function send(response: ServerResponse, { status, headers, body, release }: MediaAnswer): Promise<void> {
  try {
    response.writeHead(status, { ...headers });
    if (body === undefined || body instanceof Uint8Array) response.end(body);
    else await pipeline(Readable.from(body, { objectMode: false }), response);
  } catch {
    response.destroy(); // nobody may take what was sent for the whole
  } finally {
    await release();
  }
}
