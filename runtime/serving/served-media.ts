import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { asServiceError, FAILURES } from '../../core/errors.ts';
import { SAFE_HEADERS } from '../served-pages.ts';

/** Answers what is below /media/ to somebody who came in. */
export type ServeMedia = (incoming: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4s: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  vtt: 'text/vtt; charset=utf-8',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  png: 'image/png',
};

/** Serves the files of `output/` with plain ranges. */
export function mediaFiles(root: string): ServeMedia {
  const store = folderStore(root);
  return async (incoming, response, path) => {
    try {
      const key = decodeURIComponent(path.slice('/media/'.length));
      const found = key.startsWith('output/') ? await store.head(key) : undefined;
      if (!found) return void response.writeHead(404, SAFE_HEADERS).end();
      const { path: file } = await store.fetch(key, new AbortController().signal);
      const [, from, to = ''] = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? '') ?? [];
      const start = Number(from ?? 0);
      const end = Math.min(to === '' ? found.bytes - 1 : Number(to), found.bytes - 1);
      const headers = {
        ...SAFE_HEADERS,
        'accept-ranges': 'bytes',
        'content-type': TYPES[/\.(\w+)$/.exec(key)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream',
        ...(key.endsWith('.html') && { 'content-security-policy': 'sandbox allow-scripts' }),
        ...(incoming.url?.includes('disposition=attachment') && { 'content-disposition': 'attachment' }),
      };
      if (from !== undefined && (start > end || start >= found.bytes))
        return void response.writeHead(416, { ...headers, 'content-range': `bytes */${found.bytes}` }).end();
      response.writeHead(from === undefined ? 200 : 206, {
        ...headers,
        'content-length': found.bytes === 0 ? 0 : end - start + 1,
        ...(from !== undefined && { 'content-range': `bytes ${start}-${end}/${found.bytes}` }),
      });
      if (incoming.method === 'HEAD' || found.bytes === 0) return void response.end();
      await pipeline(createReadStream(file, { start, end }), response).catch(() => undefined); // the player has gone
    } catch (error) {
      if (!response.headersSent) response.writeHead(FAILURES[asServiceError(error).code].http, SAFE_HEADERS);
      response.end();
    }
  };
}
