import { ServiceError } from '../../core/errors.ts';
import type { Animation } from '../../core/film/animation.ts';

/** Each call decodes from the first page on, so several pages are decoded at once, as far as memory allows. */
const BYTES_AT_ONCE = 64 << 20;
const MOST_AT_ONCE = 256;

/** Yields the pictures of an animated WebP, each composed as it is shown, in rgba with rows without padding. */
export async function* pagesOfWebp(path: string, { width, height, delays }: Animation): AsyncGenerator<Uint8Array> {
  const { default: sharp } = await import('sharp').catch((error: unknown) => {
    throw new ServiceError(
      'missing-tool',
      'animated WebP is read by the package sharp, which is not on this machine; make the animation an APNG',
      {},
      {
        cause: error,
      },
    );
  });
  const bytes = 4 * width * height;
  const atOnce = Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(BYTES_AT_ONCE / bytes)));
  for (let page = 0; page < delays.length; page += atOnce) {
    const pages = Math.min(atOnce, delays.length - page);
    const strip = sharp(path, { page, pages, limitInputPixels: false, failOn: 'error' }).ensureAlpha();
    const data = await strip
      .raw()
      .toBuffer()
      .catch((error: unknown) => {
        throw new ServiceError(
          'bad-input',
          `picture ${page} or a later one of it does not decode`,
          {},
          {
            cause: error,
          },
        );
      });
    if (data.length !== bytes * pages)
      throw new ServiceError(
        'bad-input',
        `${data.length} bytes of pictures from ${page} on instead of ${bytes * pages}`,
      );
    for (let i = 0; i < pages; i++) yield data.subarray(i * bytes, (i + 1) * bytes);
  }
}
