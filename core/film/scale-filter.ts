import type { Size } from './frame-size.ts';
import { isRgb } from './pixel-format.ts';
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

/** The scale filter's names of matrices; ffmpeg 7 fails with any other. */
export const SCALE_NAMES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  fcc: 'fcc',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
  bt470bg: 'bt470',
  smpte170m: 'smpte170m',
  smpte240m: 'smpte240m',
};

/**
 * Takes away the matrix that frames state. Planes are compared as numbers, so that it does not matter; but where it is one that the
 * scale filter does not know, or the decoder says another one than the container, ffmpeg 7 fails or converts one of the two pictures.
 */
export const withoutMatrix = (pixelFormat: string): readonly string[] => (isRgb(pixelFormat) ? [] : [NO_MATRIX]);

/** Whether the scale filter takes pictures that state this matrix, from ffmpeg 7 on. It converts by that of a constant luminance as by the other of BT.2020. */
export const isKnownToScale = (matrix: string): boolean => SCALE_NAMES[matrix] !== undefined && matrix !== 'bt2020c';

/** Takes away a matrix that the scale filter does not know, and leaves any other. */
export const withoutUnknownMatrix = ({ matrix }: Pick<Colour, 'matrix'>, pixelFormat: string): readonly string[] =>
  matrix === undefined || isKnownToScale(matrix) ? [] : withoutMatrix(pixelFormat);

const NO_MATRIX = 'setparams=colorspace=unknown';

/**
 * Returns the filters that convert a full range to another pixel format and keep every level. ffmpeg's own conversion, which
 * it inserts where formats differ, would make a limited range of it.
 */
export const fullRangeFormat = (pixelFormat: string): readonly string[] => [
  `scale=${rangeOptions('pc')}flags=accurate_rnd+full_chroma_int`,
  `format=${pixelFormat}`,
];
