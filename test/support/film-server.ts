import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** One request as it was answered. */
export type Served = {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  status: number;
  /** Bytes of the body that were sent. */
  bytes: number;
  /** How many requests for films were being answered when it came, itself included. */
  atOnce: number;
};

/** What goes wrong with one request. */
export type FilmFault = {
  readonly status?: number;
  /** The connection breaks after so many bytes of the body. */
  readonly cutAfter?: number;
  /** It breaks no sooner than this ends; until then the answer stands still. */
  readonly cutWhen?: Promise<unknown>;
  /** The server knows no ranges. */
  readonly whole?: boolean;
  readonly tag?: string;
  /** Other bytes instead of the file's. */
  readonly content?: Buffer;
};

export type FilmServer = {
  readonly url: string;
  readonly log: Served[];
  /** Decides on each request from now on. */
  setFault(
    decide: (request: {
      readonly path: string;
      readonly range: string | undefined;
      readonly count: number;
    }) => FilmFault | undefined,
  ): void;
  /** Paths that are answered by a function. */
  answer(path: string, handle: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.vtt': 'text/vtt',
  '.webmanifest': 'application/manifest+json',
};

/** What a page of the player may do: no inline scripts or styles, nothing from elsewhere. */
const POLICY = "default-src 'self'; media-src 'self' blob:; img-src 'self' data:; style-src 'self'; script-src 'self'";

/** Serves folders and texts by HTTP with ranges, entity tags and If-Range; tells what it was asked, and fails as told. */
export async function filmServer(
  roots: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Promise<FilmServer> {
  const log: Served[] = [];
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const counts = new Map<string, number>();
  let open = 0;
  let decide: Parameters<FilmServer['setFault']>[0] = () => undefined;

  async function contentOf(path: string): Promise<Buffer | undefined> {
    const text = texts[path];
    if (text !== undefined) return Buffer.from(text);
    for (const root of roots) {
      const file = join(root, path);
      const isFile = await stat(file).then(
        (found) => found.isFile(),
        () => false,
      );
      if (isFile) return readFile(file);
    }
    return undefined;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const { range, 'if-range': ifRange } = request.headers;
    const answer = answers.get(path);
    if (answer) return answer(request, response);
    const entry: Served = { path, range, ifRange: ifRange?.toString(), status: 0, bytes: 0, atOnce: 0 };
    log.push(entry);
    if (path.endsWith('.mp4')) {
      entry.atOnce = ++open;
      response.once('close', () => open--);
    }
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    const fault = decide({ path, range, count }) ?? {};
    const content = fault.content ?? (await contentOf(path));
    const end = (status: number, headers: Record<string, string | number> = {}) => {
      entry.status = status;
      response.writeHead(status, headers).end();
    };
    if (fault.status !== undefined) return end(fault.status);
    if (!content) return end(404);
    const tag = fault.tag ?? `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const isPart = from !== undefined && !fault.whole && (ifRange === undefined || ifRange === tag);
    const start = isPart ? Number(from) : 0;
    const stop = isPart && to !== '' ? Math.min(Number(to) + 1, content.length) : content.length;
    if (isPart && start >= content.length) return end(416, { 'content-range': `bytes */${content.length}` });
    entry.status = isPart ? 206 : 200;
    response.writeHead(entry.status, {
      ...{
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        'content-length': stop - start,
        etag: tag,
      },
      ...(isPart && { 'content-range': `bytes ${start}-${stop - 1}/${content.length}` }),
      ...(!fault.whole && { 'accept-ranges': 'bytes' }),
      ...(path.endsWith('.html') && { 'content-security-policy': POLICY }),
      'cache-control': 'no-store',
    });
    const cut = fault.cutAfter === undefined ? stop : Math.min(stop, start + fault.cutAfter);
    for (let at = start; at < cut && !response.destroyed; at += 65_536) {
      const part = content.subarray(at, Math.min(cut, at + 65_536));
      entry.bytes += part.length;
      await new Promise((resolve) => response.write(part, resolve));
    }
    await fault.cutWhen;
    if (cut < stop) response.destroy();
    else response.end();
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    setFault(next) {
      decide = next;
      counts.clear();
    },
    answer: (path, respond) => void answers.set(path, respond),
    async close() {
      server.closeAllConnections();
      if (server.listening) await once(server.close(), 'close');
    },
  };
}
