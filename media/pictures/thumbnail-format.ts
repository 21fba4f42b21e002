import type { Sharp } from 'sharp';
import type { ThumbnailFormat } from '../../core/thumbnails/thumbnail-request.ts';

/** Sets the format in which a picture is written, with the qualities that all thumbnails have. */
export const inFormat = (picture: Sharp, format: ThumbnailFormat): Sharp =>
  format === 'jpg' ? picture.jpeg({ quality: 82, mozjpeg: true }) : picture.webp({ quality: 80 });
