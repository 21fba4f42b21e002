import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What may happen to a request on its way to S3 and back. */
export const FAULTS = [
  'answers 500',
  'answers 503 SlowDown',
  'resets the connection',
  'loses the answer',
  'cuts the answer short',
  'loses an upload in its middle',
  'answers 200 with an error',
  'is slow',
] as const;
export type NetworkFault = (typeof FAULTS)[number];

export type RoughNetwork = {
  readonly endpoint: string;
  /** Decides on each request from now on, by its number. */
  setFault(decide: (number: number) => NetworkFault | undefined): void;
  /** Requests and faults since the last setFault. */
  readonly requests: number;
  readonly faults: number;
  close(): Promise<void>;
};

const ERROR = (code: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>storm</Message></Error>`;
/** Long enough that requests pass each other, and short enough for hundreds of them. */
const SLOW_MS = 150;

/** Stands before an S3 server, and does to single requests what networks and servers do. */
export async function roughNetwork(target: string): Promise<RoughNetwork> {
  let decide: (number: number) => NetworkFault | undefined = () => undefined;
  let [requests, faults] = [0, 0];

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = decide(requests++);
    if (fault) faults++;
    const fail = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' }).end(ERROR(code));
    };
    if (fault === 'loses an upload in its middle' && incoming.method === 'PUT') {
      for await (const _ of incoming) return void incoming.socket.destroy();
      return void incoming.socket.destroy();
    }
    const body = await bytesOf(incoming);
    if (fault === 'answers 500') return fail(500, 'InternalError');
    if (fault === 'answers 503 SlowDown') return fail(503, 'SlowDown');
    if (fault === 'resets the connection') return void incoming.socket.resetAndDestroy();
    // S3 may say 200 before it knows how a copy, or the end of a multipart upload, turns out
    const isLong = incoming.method === 'POST' || incoming.headers['x-amz-copy-source'] !== undefined;
    if (fault === 'answers 200 with an error' && isLong) return fail(200, 'InternalError');
    const answer = await forwarded(target, incoming, body);
    if (fault === 'loses the answer') return void incoming.socket.destroy();
    response.writeHead(answer.status, answer.headers);
    if (fault === 'cuts the answer short') {
      const half = answer.body.subarray(0, answer.body.length >> 1);
      response.write(half, () => incoming.socket.destroy());
      return;
    }
    if (fault === 'is slow') {
      for (let at = 0; at < answer.body.length; at += 1 + (answer.body.length >> 2)) {
        response.write(answer.body.subarray(at, at + 1 + (answer.body.length >> 2)));
        await sleep(SLOW_MS);
      }
      response.end();
      return;
    }
    response.end(answer.body);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    setFault(next) {
      decide = next;
      [requests, faults] = [0, 0];
    },
    get requests() {
      return requests;
    },
    get faults() {
      return faults;
    },
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function forwarded(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { host: _, connection: __, ...rest } = headers;
  const outgoing = request(`${target}${url}`, { method, headers: rest });
  outgoing.end(body);
  const [answer]: [IncomingMessage] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { connection: ___, 'keep-alive': ____, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 500, headers: kept, body: await bytesOf(answer) };
}
