import type { HttpAnswer, HttpRequest } from '../core/ports/http.ts';
import { asServiceError, FAILURES } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import type { ObjectInfo, ObjectStore } from '../core/ports/object-store.ts';
import type { Pictures } from '../core/ports/pictures.ts';
import {
  type ThumbnailRequest,
  type ThumbnailSize,
  thumbnailRequest,
  versionOf,
} from '../core/thumbnails/thumbnail-request.ts';

type ThumbnailPorts = {
  readonly outputs: Pick<ObjectStore, 'head' | 'read'>;
  readonly cache: Pick<ObjectStore, 'read' | 'write'>;
  readonly pictures: Pictures;
  /** Of failures that are ours, not the question's. */
  readonly log: Pick<Log, 'error'>;
};

const FRESH = 'public, max-age=3600, stale-while-revalidate=86400';
/** A poster that is not there yet may be there soon. */
const BRIEFLY = 'public, max-age=60';

const PATH = '/thumbnail';

/** A poster in one of the sizes there are, made when it is first asked for. Whatever is wrong with the question is answered. */
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
  const etag = `W/"${name.slice(0, 32)}-${width}-${format}"`; // weak: another version of the encoder makes other bytes
  const headers = { etag, 'cache-control': FRESH, 'content-type': format === 'jpg' ? 'image/jpeg' : 'image/webp' };
  if (matches(ifNoneMatch, etag)) return { status: 304, headers, body: undefined };
  const picture = await cached(`thumbnails/${name.slice(0, 2)}/${name}-${width}.${format}`, wanted, ports);
  if (!picture) return refusal(404, 'no-input', `there is no ${poster.key}`, BRIEFLY);
  const body = method === 'HEAD' ? undefined : picture;
  return { status: 200, headers: { ...headers, 'content-length': `${picture.length}` }, body };
}

/** Two that ask at once both make it, and write the same. */
async function cached(
  key: string,
  { posterKey, ...size }: ThumbnailSize & Pick<ThumbnailRequest, 'posterKey'>,
  { outputs, cache, pictures }: ThumbnailPorts,
): Promise<Uint8Array | undefined> {
  const there = await cache.read(key);
  if (there) return there;
  const poster = await outputs.read(posterKey);
  if (!poster) return undefined; // gone since it was looked at
  const made = await pictures.thumbnail(poster, size);
  await cache.write(key, made, size.format === 'jpg' ? 'image/jpeg' : 'image/webp');
  return made;
}

/** RFC 9110 13.1.2: any of a list, compared weakly; a star for whatever there is. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || plain(tag) === plain(etag)) ?? false;
}

const refusal = (status: number, code: string, reason: string, caching: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': caching },
  body: `${JSON.stringify({ code, reason })}\n`,
});
