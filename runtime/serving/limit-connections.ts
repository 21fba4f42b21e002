import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { refusal } from '../../core/api/refusal.ts';
import { jsonText } from './api-over-http.ts';

const LINGER_MS = 1000;

/**
 * Refuses connections beyond a number with a sentence, so that those that are open go on to be served. Returns the sockets
 * that were refused, whose requests have their answer.
 */
export function limitConnections(server: Server, most: number): WeakSet<Socket> {
  const refused = new WeakSet<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open++;
    socket.once('close', () => open--);
    if (open <= most) return;
    refused.add(socket);
    socket.on('error', () => undefined);
    socket.end(answer(most));
    setTimeout(() => socket.destroy(), LINGER_MS).unref(); // for those who never read it
  });
  return refused;
}

function answer(most: number): string {
  const { status, json } = refusal(
    'busy',
    `${most} connections are open already; close some pages, or try again later`,
  );
  const body = jsonText(json);
  const head = [
    `HTTP/1.1 ${status} Service Unavailable`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'retry-after: 5',
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
