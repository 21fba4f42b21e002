import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { asServiceError, usage } from '../core/errors.ts';
import type { ErrandConfig } from '../runtime/aws/open-task.ts';
import { invocationConfig } from '../runtime/aws/upscale-config.ts';
import { TRY_AGAIN } from './exit.ts';

const MOST_BYTES = 64 << 10;

/**
 * SageMaker's contract with a container: `GET /ping` says that it is well, `POST /invocations` brings one step of a job as
 * JSON and hears its exit code. One at a time: the device has room for one. After `limitMs` the work is stopped, as by a
 * SIGTERM: what SageMaker has given up would go on unseen. Ends with the signal.
 */
export async function serveInvocations(
  run: (config: ErrandConfig, signal: AbortSignal) => Promise<number>,
  { port, limitMs, signal }: { readonly port: number; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<void> {
  let busy = false;
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const { code, message } = asServiceError(error);
      reply(response, code === 'usage' ? 400 : 500, { code, reason: message });
    });
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/ping') return reply(response, 200, {});
    if (request.method !== 'POST' || request.url !== '/invocations') {
      return reply(response, 404, { reason: 'there are GET /ping and POST /invocations' });
    }
    if (busy) return reply(response, 503, { reason: 'it is at work; one step at a time' });
    busy = true;
    try {
      const config = invocationConfig(await bodyOf(request));
      const exit = await run(config, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
      reply(response, statusOf(exit), { exit });
    } finally {
      busy = false;
    }
  }
  server.listen(port);
  await once(server, 'listening');
  process.stdout.write(`${JSON.stringify({ event: 'serving', address: server.address() })}\n`);
  if (!signal.aborted) await once(signal, 'abort');
  server.close();
  server.closeIdleConnections();
}

const statusOf = (exit: number) => (exit === 0 ? 200 : exit === TRY_AGAIN ? 503 : 422);

function reply(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw usage(`an invocation has at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw usage('an invocation is JSON, as {"job": "...", "key": "input/upscale/film.mp4", "step": "all"}');
  }
}
