import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { asServiceError, usage } from '../core/errors.ts';
import type { StepConfig } from '../runtime/aws/open-task.ts';
import { invocationConfig } from '../runtime/aws/upscale-config.ts';
import { TRY_AGAIN } from './exit.ts';

const MOST_BYTES = 64 << 10;

/**
 * Serves SageMaker's container interface until the signal aborts. `GET /ping` answers that the container is healthy, and
 * `POST /invocations` brings a step of a job as JSON and answers with its exit code. One step runs at a time, because the
 * device has room for one. After `limitMs` the step is stopped as by SIGTERM, because SageMaker has given it up by then.
 */
export async function serveInvocations(
  run: (config: StepConfig, signal: AbortSignal) => Promise<number>,
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
      return reply(response, 404, { reason: 'this server has only GET /ping and POST /invocations' });
    }
    if (busy) return reply(response, 503, { reason: 'another step is running; this server runs one at a time' });
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
    if (bytes > MOST_BYTES) throw usage(`the invocation has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw usage('the invocation must be JSON, as {"job": "...", "key": "input/upscale/film.mp4", "step": "all"}');
  }
}
