import { type Rational, times } from '../units.ts';
import type { VideoFacts } from './probe.ts';

/** What a display matrix does (ISO/IEC 14496-12 8.3.2): it turns the picture clockwise, and stretches its columns and lines. */
type PlainTurn = { readonly degrees: number; readonly across: number; readonly down: number };

const ONE = 65_536;
const WHOLE = 2 ** 30;
/** Numbers of 16 bits behind the point are rounded; an angle of a tenth of a degree is none of these. */
const NEXT_TO_NOTHING = 0.001;

/** Returns the turn and the scale of a matrix, or in a word what else it does to a picture. A point (x, y) is shown at (a x + c y, b x + d y). */
export function plainTurn(matrix: readonly number[]): PlainTurn | 'mirrored' | 'sheared' {
  const [a = 0, b = 0, u = 0, c = 0, d = 0, v = 0, , , w = WHOLE] = matrix;
  const [across, down] = [Math.hypot(a, b), Math.hypot(c, d)];
  const slant = Math.abs(a * c + b * d) / (across * down);
  if (u !== 0 || v !== 0 || w <= 0 || !(slant < NEXT_TO_NOTHING)) return 'sheared';
  if (a * d - b * c < 0) return 'mirrored';
  const far = (ONE * w) / WHOLE;
  return { degrees: (Math.atan2(b, a) * 180) / Math.PI, across: across / far, down: down / far };
}

/**
 * Returns the facts of a picture whose container also scales it, without that: what is stretched in one direction becomes the
 * shape of its pixels, and how large it is shown is left to players. Undefined where nothing is scaled.
 */
export function withoutScale(video: VideoFacts): VideoFacts | undefined {
  const turn = video.displayMatrix && plainTurn(video.displayMatrix);
  if (typeof turn !== 'object') return undefined;
  const { degrees, across, down } = turn;
  const isScaled = [across, down].some((scale) => Math.abs(scale - 1) > NEXT_TO_NOTHING);
  if (!isScaled) return undefined;
  const sar = times(video.sar, nearRatio(across / down));
  return { ...video, sar, displayMatrix: turnedBy(degrees), scaledBy: { across, down } };
}

/** The matrix of a turn alone; undefined for none. */
function turnedBy(degrees: number): readonly number[] | undefined {
  if (Math.abs(degrees) < NEXT_TO_NOTHING) return undefined;
  const [cos, sin] = [Math.cos, Math.sin].map((of) => Math.round(ONE * of((degrees * Math.PI) / 180)));
  return [cos ?? 0, sin ?? 0, 0, -(sin ?? 0), cos ?? 0, 0, 0, 0, WHOLE];
}

const LARGEST_PART = 1000;
const ROUNDED = 2 / ONE;

/** The ratio of the smallest numbers that is as near as numbers of a matrix are exact. */
function nearRatio(value: number): Rational {
  for (let den = 1; den <= LARGEST_PART; den++) {
    const num = Math.round(value * den);
    if (num > 0 && Math.abs(num / den - value) <= ROUNDED * Math.max(1, value)) return { num, den };
  }
  return value >= 1
    ? { num: Math.max(1, Math.round(value)), den: 1 }
    : { num: 1, den: Math.max(1, Math.round(1 / value)) };
}
