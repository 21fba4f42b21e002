import { boxBytes, boxesOf, movieIn, newBox, withBox } from '../bytes/boxes.ts';
import type { Size } from './frame-size.ts';

/** The lines and columns at the edges of a picture that are not shown. */
export type HiddenEdges = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** MP4's box for the part of a picture that is shown: its size, and how far its middle is from the picture's (clap, ISO/IEC 14496-12 12.1.4). */
export function clapOf({ left, right, top, bottom }: HiddenEdges, { width, height }: Size): Buffer {
  const data = Buffer.alloc(32);
  const numbers = [width - left - right, 1, height - top - bottom, 1, left - right, 2, top - bottom, 2];
  numbers.forEach((value, i) => void data.writeInt32BE(value, 4 * i));
  return newBox('clap', data);
}

/** The edges that a clap box hides, in whole pixels; undefined where it reaches beyond the picture, or hides nothing. */
export function edgesOfClap(clap: Buffer, { width, height }: Size): HiddenEdges | undefined {
  if (clap.length < 40) return undefined;
  const fraction = (at: number) => clap.readInt32BE(8 + at) / clap.readInt32BE(12 + at);
  const [across, down] = [width - fraction(0), height - fraction(8)];
  const [x, y] = [fraction(16), fraction(24)];
  const edges = {
    left: Math.round(across / 2 + x),
    right: Math.round(across / 2 - x),
    top: Math.round(down / 2 + y),
    bottom: Math.round(down / 2 - y),
  };
  return hidesSome(edges, { width, height }) ? edges : undefined;
}

/** Whether edges leave a part of the picture, and not all of it. */
export function hidesSome({ left, right, top, bottom }: HiddenEdges, { width, height }: Size): boolean {
  const all = [left, right, top, bottom];
  const isPart = all.every((value) => Number.isFinite(value) && value >= 0) && all.some((value) => value > 0);
  return isPart && left + right < width && top + bottom < height;
}

/** Returns a movie box whose first track, the picture, has this box in its sample entry, instead of its own of the type. */
export function withPictureBox(moov: Buffer, added: Buffer): Buffer {
  const movie = movieIn(moov);
  return withBox(moov, movie, ['trak', 'mdia', 'minf', 'stbl', 'stsd'], (stsd) => {
    const [entry, ...others] = boxesOf(moov, stsd.body + 8, stsd.end);
    if (!entry) return boxBytes(moov, stsd);
    const fixed = moov.subarray(entry.body, entry.body + PICTURE_ENTRY);
    const kept = boxesOf(moov, entry.body + PICTURE_ENTRY, entry.end).filter(
      ({ type }) => type !== added.toString('latin1', 4, 8),
    );
    const edited = newBox(entry.type, fixed, ...kept.map((box) => boxBytes(moov, box)), added);
    const head = moov.subarray(stsd.body, stsd.body + 8);
    return newBox('stsd', head, edited, ...others.map((box) => boxBytes(moov, box)));
  });
}

/** The bytes of a picture's sample entry before its boxes (ISO/IEC 14496-12 12.1.3). */
export const PICTURE_ENTRY = 78;
