import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { matchRoute } from '../../core/api/route.ts';
import { type AnswerOf, ROUTES, type RouteName } from '../../core/api/routes.ts';

export type Asked = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The header of that name, as "Bearer abc". */
  readonly authorization: string | undefined;
};
export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  readonly advice?: string;
};
export type Answers = {
  readonly [Name in RouteName]?: (asked: Asked) => AnswerOf<Name> | { readonly refusal: Refusal } | 'never';
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
};

/** As strict as the server's own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The pages over an API that answers as a test tells it, for states that a real one is in for a moment alone. Every answer is
 * held to the schema of its route, so that no test shows what no API says.
 */
export async function pagesServer(answers: Answers, media: Readonly<Record<string, string>> = {}) {
  let told = answers;
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const work = url.pathname.startsWith('/api/')
      ? answer(request, url, response)
      : page(url.pathname, request, response);
    work.catch((error) => response.writeHead(500).end(JSON.stringify({ code: 'bug', reason: String(error) })));
  });

  async function answer(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const found = matchRoute(ROUTES, { method: request.method ?? '', path: url.pathname });
    if (!('name' in found)) return json(response, 404, { code: 'no-input', reason: `there is no ${url.pathname}` });
    if (found.name === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
      streams.add(response);
      request.on('close', () => streams.delete(response));
      return;
    }
    const sent = await text(request);
    const body: unknown = sent === '' ? undefined : JSON.parse(sent);
    const said = told[found.name]?.({
      params: found.params,
      query: url.searchParams,
      body,
      authorization: request.headers.authorization,
    });
    if (said === 'never') return;
    if (said === undefined)
      return json(response, 404, { code: 'no-input', reason: `nothing is told of ${found.name}` });
    if (typeof said === 'object' && 'refusal' in said) {
      const { status, ...refusal } = said.refusal as Refusal;
      return json(response, status, refusal);
    }
    json(response, 200, z.parse(ROUTES[found.name].answer, said));
  }

  async function page(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = normalize(path === '/' ? '/index.html' : path);
    const place = media[path] ?? join('dist/web', file);
    const content = await readFile(place).catch(() => undefined);
    if (!content) return void response.writeHead(404).end();
    const headers = { 'content-type': TYPES[extname(file)] ?? '', 'content-security-policy': POLICY };
    const [, from, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) return void response.writeHead(200, headers).end(content);
    const part = content.subarray(Number(from), last ? Number(last) + 1 : content.length);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`;
    response.writeHead(206, { ...headers, 'content-range': range }).end(part);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    tell: (to: Answers) => {
      told = to;
    },
    /** As if something had happened to a job. */
    happens: () => {
      for (const stream of streams) stream.write('id: 1\ndata: {"type":"job.queued"}\n\n');
    },
  };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
