import { hasAlpha } from './pixel-format.ts';
import type { Stream } from './probe.ts';

const WITH_ALPHA: Readonly<Record<string, string>> = { vp8: 'libvpx', vp9: 'libvpx-vp9' };

/** Returns the decoder that reads the alpha of VP8 or VP9, which WebM has beside the picture: ffmpeg's own reads none up to version 7. */
export const alphaDecoder = ({ codec, video }: Pick<Stream, 'codec' | 'video'>): string | undefined =>
  hasAlpha(video?.pixelFormat ?? '') ? WITH_ALPHA[codec] : undefined;
