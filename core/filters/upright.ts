import { type Size, setSar } from '../film/frame-size.ts';
import { refuseLargePicture } from '../film/limits.ts';
import type { PictureShape, VideoFacts } from '../film/probe.ts';
import type { Delivery } from '../settings/delivery.ts';

/** A picture turned upright with square pixels, and the filters that bring it there. They are for RGB frames. */
type UprightPicture = PictureShape & { readonly filters: readonly string[] };

const SQUARE = { num: 1, den: 1 } as const;

/**
 * Returns the picture as players show it: turned as its display matrix says, with square pixels. The side whose pixels are too
 * short grows, so that no pixel is thrown away; it grows to a multiple of the codec's block and then needs no padding. Throws
 * `over-limit` for pixels so long that the picture would be too large.
 */
export function uprightPicture(
  { width, height, sar }: PictureShape,
  displayMatrix: VideoFacts['displayMatrix'],
  block = 1,
): UprightPicture {
  const turn = displayMatrix && turnOf(displayMatrix);
  const square = squared({ width, height, sar }, block);
  refuseLargePicture(square.width, square.height);
  const grows = square.width !== width || square.height !== height;
  const isSquare = sar.num === sar.den;
  const upright = turn?.isOnSide ? { width: square.height, height: square.width } : square;
  return {
    ...upright,
    sar: SQUARE,
    filters: [
      ...(grows ? [`scale=${square.width}:${square.height}:flags=lanczos+accurate_rnd+full_chroma_int`] : []),
      ...(isSquare ? [] : [setSar(SQUARE)]),
      ...(turn?.filters ?? []),
    ],
  };
}

/** Returns the facts of a rendition's picture: without a display matrix where the frames themselves are turned. */
export const asDelivered = (video: VideoFacts, delivery: Delivery): VideoFacts =>
  isMadeUpright(delivery) && turnOf(video.displayMatrix ?? []) ? { ...video, displayMatrix: undefined } : video;

/** What is made for VJ software relies on neither display matrices nor pixel shapes. */
export const isMadeUpright = (delivery: Delivery): boolean => delivery === 'live';

/** Returns sentences about what was done to show the picture upright, or could not be. */
export function uprightTold({ width, height, sar, displayMatrix }: VideoFacts, to: Size): readonly string[] {
  const turn = displayMatrix && turnOf(displayMatrix);
  const done = [turn?.is, sar.num !== sar.den && 'its pixels are made square'].filter(
    (each) => typeof each === 'string',
  );
  return [
    ...(done.length > 0
      ? [`${done.join(', and ')}: the picture of ${width}x${height} becomes ${to.width}x${to.height}`]
      : []),
    ...(displayMatrix && !turn
      ? ['the display matrix turns the picture by no multiple of 90 degrees: it stays as it is stored']
      : []),
  ];
}

function squared({ width, height, sar }: PictureShape, block: number): Size {
  const shape = sar.num / sar.den;
  if (shape > 1) return { width: grown(width, shape, block), height };
  return shape < 1 ? { width, height: grown(height, 1 / shape, block) } : { width, height };
}

/** A side that is longer by less than half a pixel stays. */
function grown(side: number, factor: number, block: number): number {
  if (Math.round(side * factor) === side) return side;
  return Math.max(block, Math.round((side * factor) / block) * block);
}

type PictureTurn = {
  readonly filters: readonly string[];
  /** Whether width and height change places. */
  readonly isOnSide: boolean;
  /** For people, as a sentence. */
  readonly is: string | undefined;
};

/** The eight ways, by the signs of a matrix: a point (x, y) is shown at (a x + c y, b x + d y). */
const TURNS: Readonly<Record<string, PictureTurn>> = {
  '-1 0 0 -1': { filters: ['hflip', 'vflip'], isOnSide: false, is: 'it is turned by 180 degrees' },
  '-1 0 0 1': { filters: ['hflip'], isOnSide: false, is: 'it is mirrored from left to right' },
  '1 0 0 -1': { filters: ['vflip'], isOnSide: false, is: 'it is mirrored from top to bottom' },
  '0 1 -1 0': { filters: ['transpose=clock'], isOnSide: true, is: 'it is turned clockwise by 90 degrees' },
  '0 -1 1 0': { filters: ['transpose=cclock'], isOnSide: true, is: 'it is turned anticlockwise by 90 degrees' },
  '0 1 1 0': { filters: ['transpose=cclock_flip'], isOnSide: true, is: 'it is mirrored along its diagonal' },
  '0 -1 -1 0': { filters: ['transpose=clock_flip'], isOnSide: true, is: 'it is mirrored along its other diagonal' },
  '1 0 0 1': { filters: [], isOnSide: false, is: undefined },
};

/** Matrices are stored in 16 bits behind the point, and some programs write sines that are not quite 0. */
const NEXT_TO_NOTHING = 0.01;

/** Returns the turn that a display matrix asks for; undefined for any that is not one of the eight. */
function turnOf(matrix: readonly number[]): PictureTurn | undefined {
  const [a = 0, b = 0, , c = 0, d = 0] = matrix;
  const longest = Math.max(...[a, b, c, d].map(Math.abs));
  const signs = [a, b, c, d].map((each) => (Math.abs(each) < longest * NEXT_TO_NOTHING ? 0 : Math.sign(each)));
  return TURNS[signs.join(' ')];
}
