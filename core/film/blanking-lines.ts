import type { PictureStream } from './probe.ts';

/** The lines of a picture of D-10 (IMX), by its height: all that is coded, and what of it is picture. The lines of blanking come first; ffmpeg's muxer of MXF states these heights. */
const SHOWN_LINES: Readonly<Record<number, number>> = { 608: 576, 512: 486 };

/**
 * Returns the sentence about a picture of D-10 whose first lines are those of vertical blanking, undefined for any other picture. Nothing is cut off
 * unasked, since these lines may hold time codes and teletext that nothing else of the film has.
 */
export function blankingTold({ codec, video: { width, height } }: Pick<PictureStream, 'codec' | 'video'>) {
  const shown = SHOWN_LINES[height];
  if (codec !== 'mpeg2video' || width !== 720 || shown === undefined) return undefined;
  const part = `720:${shown}:0:${height - shown}`;
  return `the first ${height - shown} of the ${height} lines of its pictures (D-10, IMX) are vertical blanking, which players and editors leave out and which stays here; recipe upscale leaves it out with crop=${part}, and other recipes take a source without it: ffmpeg -i SOURCE -map 0 -dn -vf crop=${part} -c:v ffv1 -c:a copy NEW.mkv`;
}
