import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.mpd': 'application/dash+xml',
  '.vtt': 'text/vtt',
};

/**
 * Serves a folder by HTTP with byte ranges, on loopback alone. `extra` are files from elsewhere, by their paths in URLs.
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} extra
 */
export async function serveFolder(folder, extra) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const file = extra[path] ?? join(folder, path);
    const size = await stat(file).then(
      (found) => (found.isFile() ? found.size : -1),
      () => -1,
    );
    if (size < 0) return void response.writeHead(404).end();
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    const end = Math.min(to === '' ? size - 1 : Number(to), size - 1);
    if (start > end) return void response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    response.writeHead(request.headers.range ? 206 : 200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
    });
    createReadStream(file, { start, end }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
