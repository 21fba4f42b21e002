import type { VideoFacts } from '../film/probe.ts';
import { toNumber } from '../units.ts';

/** No interlaced format has more lines or more frames a second. */
const MOST_LINES = 1088;
const MOST_FRAMES_A_SECOND = 31;
/** A rate above this is none of pictures, but a clock that a file gives for one. */
const HIGHEST_RATE = 240;

type FormatFacts = Pick<VideoFacts, 'height' | 'baseFrameRate' | 'pixelFormat'>;

/**
 * Whether a picture has as few lines and frames a second as interlaced formats have. Nothing that has a palette is interlaced, while
 * the patterns that stand for colours it has not make lines alternate as fields of two moments do.
 */
export function mayBeInterlaced({ height, baseFrameRate, pixelFormat }: FormatFacts, codec: string): boolean {
  if (pixelFormat === 'pal8' || HAS_PALETTE.test(codec)) return false;
  const rate = baseFrameRate ? toNumber(baseFrameRate) : 0;
  return height <= MOST_LINES && !(rate > MOST_FRAMES_A_SECOND && rate <= HIGHEST_RATE);
}

/** Codecs that ffmpeg decodes to red, green and blue of a palette, by ffprobe's names. */
const HAS_PALETTE = /^(gif|apng)$/;

/** Codecs whose pictures each say whether they are interlaced, by ffprobe's names. */
const PICTURES_TELL = /^(h264|hevc|mpeg2video)$/;

/** Whether pictures of a codec say themselves whether they are interlaced, in flags that a decoder passes on. */
export const picturesTellFields = (codec: string): boolean => PICTURES_TELL.test(codec);

/** Until one says so or not, ffmpeg's decoder takes the pictures of H.264 for interlaced; it waits for so many at most. */
const FIRST_PICTURES = 16;

/** Whether pictures, in the order in which they are shown, say that they are interlaced, which the first ones do by chance. */
export const sayFields = (said: readonly boolean[]): boolean =>
  said.lastIndexOf(true) >= FIRST_PICTURES || 2 * said.filter((is) => is).length >= said.length;

/** Whether a picture surely says that it is interlaced: the first ones do so by chance, unless a later one does too. */
export const surelySays = (is: boolean, i: number, said: readonly boolean[]): boolean =>
  is && (i >= FIRST_PICTURES || said[FIRST_PICTURES] !== false);
