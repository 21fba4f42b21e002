import type { ThumbnailSize } from '../thumbnails/thumbnail-request.ts';

/** Still pictures. */
export interface Pictures {
  /** A JPEG brought to a width, never enlarged. Throws `bad-input` for what is no JPEG or does not decode, `over-limit`. */
  thumbnail(jpeg: Uint8Array, size: ThumbnailSize): Promise<Uint8Array>;
}
