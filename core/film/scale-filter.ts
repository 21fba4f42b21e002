import type { Size } from './frame-size.ts';
import type { Colour } from './probe.ts';

const SMOOTH = 'flags=lanczos+accurate_rnd+full_chroma_int';

/**
 * Returns the options by which ffmpeg's scale filter keeps the range. Without them it makes a limited range of a full one
 * that only a flag states, as in 10 bits, VP9 and AV1. A limited range needs no options.
 */
export const rangeOptions = (range: Colour['range']): string => (range === 'pc' ? 'in_range=pc:out_range=pc:' : '');

/** Returns ffmpeg's filter that scales to a size, with every level as it was. */
export const scaleFilter = ({ width, height }: Size, range: Colour['range']): string =>
  `scale=${width}:${height}:${rangeOptions(range)}${SMOOTH}`;

/**
 * Returns the filters that convert a full range to another pixel format and keep every level. ffmpeg's own conversion, which
 * it inserts where formats differ, would make a limited range of it.
 */
export const fullRangeFormat = (pixelFormat: string): readonly string[] => [
  `scale=${rangeOptions('pc')}flags=accurate_rnd+full_chroma_int`,
  `format=${pixelFormat}`,
];
