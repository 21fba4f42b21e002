import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { codeOf } from '../core/system-failure.ts';

/** A file of the pages. It is small, and kept in memory. */
type ServedPage = {
  readonly status: 200 | 404;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** What pages may load and do: their own files and the API, and on AWS the bucket. Nothing inline, and nobody else's. */
export const pagesPolicy = (bucket?: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${also(bucket)}`,
    `media-src 'self' blob:${also(bucket)}`,
    `connect-src 'self'${also(bucket)}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const also = (origin: string | undefined) => (origin === undefined ? '' : ` ${origin}`);

/** Headers of every answer. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export type ServedPages = {
  /**
   * Returns the file at a path. Where no page is, which people may have typed, the entry page says so, as 404; other files
   * that there are not are undefined.
   */
  at(path: string): ServedPage | undefined;
};

/** Reads the built pages. Without them there is one that says how to build them. */
export async function readPages(folder: string, policy: string): Promise<ServedPages> {
  const files = new Map<string, ServedPage>();
  for (const path of await filesIn(folder)) {
    const body = await readFile(path);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    const type = TYPES[extname(name)];
    if (type !== undefined) files.set(name, pageOf(name, body, { type, policy }));
  }
  const entry = files.get('/index.html') ?? pageOf('/index.html', Buffer.from(UNBUILT), { type: HTML, policy });
  const nothing = { ...entry, status: 404 } as const;
  return { at: (path) => files.get(path) ?? (path === '/' ? entry : extname(path) === '' ? nothing : undefined) };
}

const HTML = 'text/html; charset=utf-8';
const UNBUILT =
  '<!DOCTYPE html><html lang="en"><title>Reelmill</title><p>The pages are not built. In a checkout, <code>npm run build:web</code> builds them.</p></html>\n';

function pageOf(name: string, body: Buffer, { type, policy }: { readonly type: string; readonly policy: string }) {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  // the names of assets change with their content
  const caching = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const headers = { ...SAFE_HEADERS, 'content-type': type, 'cache-control': caching, etag };
  const status = 200 as const;
  return { status, body, headers: type === HTML ? { ...headers, 'content-security-policy': policy } : headers };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
