import type { IncomingMessage, ServerResponse } from 'node:http';
import { SAFE_HEADERS } from '../served-pages.ts';
import type { EventHub } from './event-hub.ts';

const HEARTBEAT_MS = 15_000;
/** A page that is so far behind is let go; it comes back with the id of the last event that it saw. */
const MOST_WAITING_BYTES = 1024 ** 2;

/** Sends events as they come, until the page goes or the server closes. */
export function sendEvents(
  { incoming, response }: { readonly incoming: IncomingMessage; readonly response: ServerResponse },
  asked: number | undefined,
  { events, closing }: { readonly events: EventHub; readonly closing: AbortSignal },
): void {
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  if (incoming.method === 'HEAD') return void response.end();
  const stop = () => {
    clearInterval(heartbeat);
    leave();
    closing.removeEventListener('abort', stop);
    response.end();
  };
  const write = (text: string) => {
    response.write(text);
    if (response.writableLength <= MOST_WAITING_BYTES) return true;
    response.destroy();
    return false;
  };
  response.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS).unref();
  const leave = events.listen(lastSeen(incoming) ?? asked, write);
  response.once('close', stop);
  if (closing.aborted) stop();
  else closing.addEventListener('abort', stop, { once: true });
}

function lastSeen({ headers }: IncomingMessage): number | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
