/**
 * How two eyes lie in one picture, by Matroska's StereoMode (RFC 9559 5.1.4.1.28.3): the word for it, and the word that ffprobe
 * has in the tag `stereo_mode` of a Matroska track and of a picture of H.264.
 */
const MODES: readonly (readonly [mode: number, packing: string, tag: string])[] = [
  [1, 'side by side', 'left_right'],
  [2, 'top and bottom, right eye first', 'bottom_top'],
  [3, 'top and bottom', 'top_bottom'],
  [4, 'checkerboard, right eye first', 'checkerboard_rl'],
  [5, 'checkerboard', 'checkerboard_lr'],
  [6, 'interleaved lines, right eye first', 'row_interleaved_rl'],
  [7, 'interleaved lines', 'row_interleaved_lr'],
  [8, 'interleaved columns, right eye first', 'col_interleaved_rl'],
  [9, 'interleaved columns', 'col_interleaved_lr'],
  [10, 'anaglyph of cyan and red', 'anaglyph_cyan_red'],
  [11, 'side by side, right eye first', 'right_left'],
  [12, 'anaglyph of green and magenta', 'anaglyph_green_magenta'],
  [13, 'frame alternate', 'block_lr'],
  [14, 'frame alternate, right eye first', 'block_rl'],
];

/** st3d's modes (Spherical Video V2 RFC); it has none for top and bottom with the right eye first. */
const BOXES: Readonly<Record<string, number>> = {
  'top and bottom': 1,
  'side by side': 2,
  'side by side, right eye first': 4,
};

/** The word for ffprobe's value of the tag `stereo_mode`; undefined for a picture of one eye, and for what is no such value. */
export const packingOfTag = (tag: string | undefined): string | undefined =>
  MODES.find(([, , name]) => name === tag)?.[1];

/** The word for ffprobe's side data. Which eye is first stands beside the type. */
export const packingOfType = (type: string, isRightFirst: boolean): string =>
  isRightFirst ? `${type}, right eye first` : type;

/** The word for a StereoMode of Matroska; undefined for a picture of one eye. */
export const packingOfMode = (mode: number): string | undefined => MODES.find(([number]) => number === mode)?.[1];

/** The word for a mode of MP4's st3d; undefined for a picture of one eye, and where the eyes' places stand elsewhere. */
export const packingOfBox = (mode: number | undefined): string | undefined =>
  Object.entries(BOXES).find(([, number]) => number === mode)?.[0];

/** Matroska's StereoMode for a word; undefined where it has none. */
export const modeOf = (packing: string | undefined): number | undefined =>
  MODES.find(([, name]) => name === packing)?.[0];

/** The modes that WebM has: one eye, and side by side or one above the other in either order. */
export const WEBM_MODES: ReadonlySet<number> = new Set([0, 1, 2, 3, 11]);

/** WebM's StereoMode for a word; undefined where it has none. */
export function webmModeOf(packing: string | undefined): number | undefined {
  const mode = modeOf(packing);
  return mode !== undefined && WEBM_MODES.has(mode) ? mode : undefined;
}

/** The mode of MP4's st3d for a word; undefined where it has none. */
export const boxModeOf = (packing: string | undefined): number | undefined => BOXES[packing ?? ''];
