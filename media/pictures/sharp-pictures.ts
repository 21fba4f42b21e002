import { ServiceError } from '../../core/errors.ts';
import type { Pictures } from '../../core/ports/pictures.ts';

/** A poster is no larger than the smallest rendition; this is for files that somebody else put there. */
const MOST_PIXELS = 64e6;
const MOST_BYTES = 32 * 2 ** 20;

/** The port by sharp, which is loaded with the first picture. */
export const sharpPictures: Pictures = {
  async thumbnail(jpeg, { width, format }) {
    // libvips would take what it is given for SVG or TIFF, too
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || jpeg[2] !== 0xff)
      throw new ServiceError('bad-input', 'the poster is no JPEG');
    if (jpeg.length > MOST_BYTES)
      throw new ServiceError('over-limit', `the poster has ${jpeg.length} bytes; at most ${MOST_BYTES} are read`);
    const { default: sharp } = await import('sharp');
    const picture = sharp(jpeg, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .rotate()
      .resize({ width, withoutEnlargement: true });
    try {
      return await (format === 'jpg'
        ? picture.jpeg({ quality: 82, mozjpeg: true })
        : picture.webp({ quality: 80 })
      ).toBuffer();
    } catch (error) {
      throw new ServiceError('bad-input', 'the poster does not decode', {}, { cause: error });
    }
  },
};
