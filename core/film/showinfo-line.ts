import { parseRational, type Rational } from '../units.ts';

/** What ffmpeg's filter `showinfo` says of a picture in its first line; `field` is the one that comes first, or undefined where all lines are of one moment. */
type PictureLine = {
  readonly kind: 'picture';
  /** Counts the pictures from 0 on. */
  readonly n: number;
  /** When it is shown; undefined where its packet does not say it. */
  readonly seconds: number | undefined;
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  readonly sar: Rational;
  readonly field: 'T' | 'B' | undefined;
};

/** By how many degrees, anticlockwise, the picture of the lines before is turned. */
type RotationLine = { readonly kind: 'rotation'; readonly degrees: number };

/** The colours of the picture of the lines before, by ffmpeg's names, or "unknown". */
type ColourLine = {
  readonly kind: 'colour';
  readonly range: string;
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
};

const BEGINNING = /^\[Parsed_showinfo\S* @ \S+\] (?:\[info\] )? *(.*)$/;
/** ffmpeg from 6.1 on says the place of chroma between the format and the aspect. */
const PICTURE = /^n: *(\d+) .*?(?:pts_time:(-?[\d.]+) .*)?fmt:(\w+) .*\bsar:(\d+\/\d+) s:(\d+)x(\d+) i:([PTB])/;
/** The name of the matrix is its long one from ffmpeg 7.0 on. */
const ROTATION = /^side data - (?:3x3 )?displaymatrix: rotation of (-?[\d.]+)/;
const COLOUR = /^color_range:(\S+) color_space:(\S+) color_primaries:(\S+) color_trc:(\S+)/;

/**
 * Reads a line of ffmpeg's log that the filter `showinfo` wrote, with its level or without. It says of each picture in this order: what it
 * is, how it is turned where it says so, and its colours. Returns undefined for any other line.
 */
export function shownPicture(line: string): PictureLine | RotationLine | ColourLine | undefined {
  const said = BEGINNING.exec(line)?.[1];
  if (said === undefined) return undefined;
  const [, n, seconds, pixelFormat = '', sar, width, height, field] = PICTURE.exec(said) ?? [];
  if (n !== undefined) {
    return {
      seconds: seconds === undefined ? undefined : Number(seconds),
      ...{ kind: 'picture', n: Number(n), pixelFormat, width: Number(width), height: Number(height) },
      sar: parseRational(sar) ?? { num: 1, den: 1 },
      field: field === 'T' || field === 'B' ? field : undefined,
    };
  }
  const degrees = ROTATION.exec(said)?.[1];
  if (degrees !== undefined) return { kind: 'rotation', degrees: Math.round(Number(degrees)) };
  const [, range, matrix = '', primaries = '', transfer = ''] = COLOUR.exec(said) ?? [];
  return range === undefined ? undefined : { kind: 'colour', range, matrix, primaries, transfer };
}
