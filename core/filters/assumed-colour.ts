import type { Size } from '../film/frame-size.ts';
import { hdrKind } from '../film/hdr.ts';
import { isRgb } from '../film/pixel-format.ts';
import type { Colour, VideoFacts } from '../film/probe.ts';

/**
 * Returns the matrix that players assume for a picture without tags: BT.709 from 720 lines or 1280 columns on, and BT.601
 * below.
 */
export const assumedMatrix = ({ width, height }: Size): 'bt709' | 'smpte170m' =>
  width >= 1280 || height >= 720 ? 'bt709' : 'smpte170m';

/**
 * Returns the colour with which players show a picture: the file's tags and, for those that are missing, what players assume
 * for its size. A picture that gets another size has to state it, or players would assume something else.
 */
export function shownColour({ width, height, pixelFormat, colour }: VideoFacts): Colour {
  if (isRgb(pixelFormat)) return colour;
  const { matrix, primaries, transfer } = isWide(colour)
    ? { matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'bt709' }
    : assumed({ width, height });
  return {
    ...colour,
    matrix: colour.matrix ?? matrix,
    primaries: colour.primaries ?? primaries,
    transfer: colour.transfer ?? transfer,
  };
}

/** Whether a small picture has the lines of PAL. */
export const isPal = (height: number): boolean => height === 576 || height === 288;

/**
 * Primaries go by the lines, as mpv assumes them: PAL's and NTSC's for the full picture of each, and BT.709's for any other.
 * Browsers assume BT.709's for all of them, and show NTSC's like these.
 */
function assumed(size: Size) {
  if (assumedMatrix(size) === 'bt709') return { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' };
  const primaries = size.height === 576 ? 'bt470bg' : NTSC_LINES.includes(size.height) ? 'smpte170m' : 'bt709';
  return { matrix: 'smpte170m', primaries, transfer: 'smpte170m' };
}

const NTSC_LINES: readonly number[] = [480, 486];

/** Whether one of the tags belongs to BT.2020 or to HDR, for which nobody assumes BT.709. */
const isWide = ({ primaries, transfer, matrix }: Colour) =>
  primaries === 'bt2020' || hdrKind(transfer) !== undefined || matrix?.startsWith('bt2020');
