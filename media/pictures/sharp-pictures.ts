import { ServiceError } from '../../core/errors.ts';
import type { Pictures } from '../../core/ports/pictures.ts';
import { inFormat } from './thumbnail-format.ts';

/** Our own posters are no larger than the smallest rendition. The limits are for files that somebody else put there. */
const MOST_PIXELS = 64e6;
const MOST_BYTES = 32 * 2 ** 20;

/** Makes thumbnails with sharp, which is loaded with the first picture. */
export const sharpPictures: Pictures = {
  async thumbnail(jpeg, { width, format }) {
    // libvips would also open SVG and TIFF
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || jpeg[2] !== 0xff)
      throw new ServiceError('bad-input', 'the poster is not a JPEG; make it again with reelmill run');
    if (jpeg.length > MOST_BYTES)
      throw new ServiceError('over-limit', `the poster has ${jpeg.length} bytes; at most ${MOST_BYTES} are read`);
    const { default: sharp } = await import('sharp');
    const picture = sharp(jpeg, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .rotate()
      .resize({ width, withoutEnlargement: true });
    try {
      return await inFormat(picture, format).toBuffer();
    } catch (error) {
      throw new ServiceError('bad-input', 'the poster cannot be decoded', {}, { cause: error });
    }
  },
};
