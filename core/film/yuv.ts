import { ServiceError } from '../errors.ts';
import type { Colour } from './probe.ts';
import { RAW_FORMATS, type RawPixelFormat } from './raw-formats.ts';

/** The weights of red and blue in luma (ITU-T H.273, MatrixCoefficients); green has the rest. */
const WEIGHTS = {
  bt709: { red: 0.2126, blue: 0.0722 },
  fcc: { red: 0.3, blue: 0.11 },
  bt470bg: { red: 0.299, blue: 0.114 },
  smpte170m: { red: 0.299, blue: 0.114 },
  smpte240m: { red: 0.212, blue: 0.087 },
  bt2020nc: { red: 0.2627, blue: 0.0593 },
} as const;

/** The position of a chroma sample: on the left luma samples, between all of its luma samples, or on the top left one. */
export type ChromaSiting = 'left' | 'center' | 'topleft';

export type ChromaSteps = { readonly down: 1 | 2; readonly across: 1 | 2 };

/** The properties of YUV frames that conversion to and from RGB needs. */
export type YuvFrames = {
  readonly depth: number;
  /** The picture's size divided by the size of a chroma plane; undefined for grey. */
  readonly chroma: ChromaSteps | undefined;
  readonly weights: { readonly red: number; readonly blue: number };
  readonly range: 'limited' | 'full';
  readonly siting: ChromaSiting;
};

export const ENLARGEABLE = 'yuv420p, yuv422p, yuv444p and gray of any depth can';

/**
 * Returns how frames of a pixel format and a file's colour tags are converted. Missing tags mean limited range, BT.601 below
 * 720 lines and BT.709 from 720 lines, chroma sited left. Throws `bad-input` for formats other than grey and 3-plane YUV.
 */
export function yuvFrames(pixelFormat: RawPixelFormat, colour: Colour, height: number): YuvFrames {
  const { depth, planes } = RAW_FORMATS[pixelFormat];
  const [luma, cb, cr] = planes;
  const isGrey = pixelFormat.startsWith('gray');
  if (!isGrey && (!pixelFormat.startsWith('yuv') || planes.length !== 3 || !luma || !cb || !cr)) {
    throw new ServiceError('bad-input', `${pixelFormat} frames cannot be enlarged; ${ENLARGEABLE}`);
  }
  return {
    depth,
    chroma: cb && { down: cb.down, across: cb.across },
    weights: weightsOf(colour.matrix, height),
    range: colour.range === 'pc' ? 'full' : 'limited',
    siting: sitingOf(colour.chromaLocation),
  };
}

function weightsOf(matrix: string | undefined, height: number): YuvFrames['weights'] {
  if (matrix === undefined || matrix === 'unknown') return height < 720 ? WEIGHTS.smpte170m : WEIGHTS.bt709;
  const known = Object.entries(WEIGHTS).find(([name]) => name === matrix);
  if (!known) {
    const names = Object.keys(WEIGHTS).join(', ');
    throw new ServiceError('bad-input', `colour matrix "${matrix}" is not known here; there are: ${names}`);
  }
  return known[1];
}

function sitingOf(location: string | undefined): ChromaSiting {
  return location === 'center' || location === 'topleft' ? location : 'left';
}

/** Computes one component from three: their weighted sum plus a constant. */
export type AffineRow = { readonly weights: readonly [number, number, number]; readonly plus: number };

/** Returns the rows that convert plane values (luma, Cb, Cr) to red, green and blue between `black` and `white`. */
export function toRgb(frames: YuvFrames, { black, white }: { black: number; white: number }): AffineRow[] {
  const { luma, chroma, zero, middle } = levels(frames);
  const { red, blue } = frames.weights;
  const green = 1 - red - blue;
  const [cr, cb] = [2 * (1 - red), 2 * (1 - blue)];
  const span = white - black;
  const rows = [
    [0, cr],
    [(-blue * cb) / green, (-red * cr) / green],
    [cb, 0],
  ] as const;
  return rows.map(([fromCb, fromCr]) => {
    const y = span / luma;
    if (!frames.chroma) return { weights: [y, 0, 0], plus: black - y * zero };
    const [u, v] = [(span * fromCb) / chroma, (span * fromCr) / chroma];
    return { weights: [y, u, v], plus: black - y * zero - (u + v) * middle };
  });
}

/** Returns the rows that convert red, green and blue to plane values, not yet rounded; grey has one row. */
export function fromRgb(frames: YuvFrames, { black, white }: { black: number; white: number }): AffineRow[] {
  const { luma, chroma, zero, middle } = levels(frames);
  const { red, blue } = frames.weights;
  const green = 1 - red - blue;
  const [cr, cb] = [2 * (1 - red), 2 * (1 - blue)];
  const rows = [
    { row: [red, green, blue], levels: luma, at: zero },
    { row: [-red / cb, -green / cb, (1 - blue) / cb], levels: chroma, at: middle },
    { row: [(1 - red) / cr, -green / cr, -blue / cr], levels: chroma, at: middle },
  ] as const;
  return rows.slice(0, frames.chroma ? 3 : 1).map(({ row, levels, at }) => {
    const step = levels / (white - black);
    const [r, g, b] = [row[0] * step, row[1] * step, row[2] * step];
    return { weights: [r, g, b], plus: at - black * (r + g + b) };
  });
}

/** Returns the spans of luma and chroma, and the values of black and of neutral chroma (ITU-R BT.709, BT.2100). */
function levels({ depth, range }: YuvFrames) {
  const middle = 2 ** (depth - 1);
  if (range === 'full') return { luma: 2 ** depth - 1, chroma: 2 ** depth - 1, zero: 0, middle };
  const step = 2 ** (depth - 8);
  return { luma: 219 * step, chroma: 224 * step, zero: 16 * step, middle };
}
