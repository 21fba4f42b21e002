import type { ThumbnailSize } from '../thumbnails/thumbnail-request.ts';

/** Makes still pictures. */
export interface Pictures {
  /** Scales a JPEG down to a width, and never up. Throws `bad-input` where it is no JPEG or does not decode, `over-limit`. */
  thumbnail(jpeg: Uint8Array, size: ThumbnailSize): Promise<Uint8Array>;
}
