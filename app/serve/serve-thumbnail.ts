import { asServiceError, FAILURES } from '../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../core/ports/http.ts';
import type { Log } from '../../core/ports/log.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import type { Pictures } from '../../core/ports/pictures.ts';
import {
  type ThumbnailRequest,
  type ThumbnailSize,
  thumbnailRequest,
  versionOf,
} from '../../core/thumbnails/thumbnail-request.ts';

type ThumbnailPorts = {
  readonly outputs: Pick<ObjectStore, 'head' | 'read'>;
  readonly cache: Pick<ObjectStore, 'read' | 'write'>;
  readonly pictures: Pictures;
  /** Receives failures of the server, not of the request. */
  readonly log: Pick<Log, 'error'>;
};

const FRESH = 'public, max-age=3600, stale-while-revalidate=86400';
/** The caching of a poster that does not exist yet but may soon. */
const BRIEFLY = 'public, max-age=60';

const PATH = '/thumbnail';

/**
 * Answers with a poster in one of the offered sizes, which is made when it is first requested. A faulty request gets an
 * answer that says why.
 */
export async function serveThumbnail(asked: HttpRequest, ports: ThumbnailPorts): Promise<HttpAnswer> {
  if (asked.method !== 'GET' && asked.method !== 'HEAD')
    return {
      ...refusal(405, 'usage', `${asked.method} is not answered; GET and HEAD are`, FRESH),
      headers: { allow: 'GET, HEAD' },
    };
  if (asked.path !== PATH) return refusal(404, 'no-input', `there is only ${PATH}?of=...&width=320`, FRESH);
  try {
    const wanted = thumbnailRequest(asked.query);
    const poster = await ports.outputs.head(wanted.posterKey);
    if (!poster) return refusal(404, 'no-input', `there is no ${wanted.posterKey}`, BRIEFLY);
    return await answer(asked, wanted, poster, ports);
  } catch (error) {
    const { code, message } = asServiceError(error);
    const { http } = FAILURES[code];
    if (http >= 500) ports.log.error('thumbnail.failed', { code, reason: message });
    const caching = code === 'usage' ? FRESH : 'no-store';
    return refusal(http, code, code === 'bug' ? 'something went wrong here' : message, caching);
  }
}

async function answer(
  { method, ifNoneMatch }: HttpRequest,
  wanted: ThumbnailRequest,
  poster: ObjectInfo,
  ports: ThumbnailPorts,
): Promise<HttpAnswer> {
  const name = versionOf(poster);
  const { width, format } = wanted;
  // the tag is weak because another version of the encoder makes other bytes
  const etag = `W/"${name.slice(0, 32)}-${width}-${format}"`;
  const headers = { etag, 'cache-control': FRESH, 'content-type': format === 'jpg' ? 'image/jpeg' : 'image/webp' };
  if (matches(ifNoneMatch, etag)) return { status: 304, headers, body: undefined };
  const picture = await cached(`thumbnails/${name.slice(0, 2)}/${name}-${width}.${format}`, wanted, ports);
  if (!picture) return refusal(404, 'no-input', `there is no ${poster.key}`, BRIEFLY);
  const body = method === 'HEAD' ? undefined : picture;
  return { status: 200, headers: { ...headers, 'content-length': `${picture.length}` }, body };
}

/** Returns the cached thumbnail, or makes and caches it. Two requests at once both make it and write equal bytes. */
async function cached(
  key: string,
  { posterKey, ...size }: ThumbnailSize & Pick<ThumbnailRequest, 'posterKey'>,
  { outputs, cache, pictures }: ThumbnailPorts,
): Promise<Uint8Array | undefined> {
  const there = await cache.read(key);
  if (there) return there;
  const poster = await outputs.read(posterKey);
  if (!poster) return undefined; // the poster was removed meanwhile
  const made = await pictures.thumbnail(poster, size);
  await cache.write(key, made, size.format === 'jpg' ? 'image/jpeg' : 'image/webp');
  return made;
}

/** Whether If-None-Match holds the tag (RFC 9110 13.1.2): any of a list by weak comparison; a star matches everything. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || plain(tag) === plain(etag)) ?? false;
}

const refusal = (status: number, code: string, reason: string, caching: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': caching },
  body: `${JSON.stringify({ code, reason })}\n`,
});
