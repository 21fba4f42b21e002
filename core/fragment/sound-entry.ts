import { type MemoryBox, newBox } from '../bytes/boxes.ts';
import { childrenInside, innerBoxes, type MovieBytes } from './movie-boxes.ts';

/** Bytes of a sound's sample entry before its boxes: the same in MP4 and in version 0 of QuickTime's. */
const FIXED_BYTES = 28;
/** What version 1 of QuickTime's entry has more. */
const VERSION_1_BYTES = 16;

const VERSION_AT = 8;
const CHANNELS_AT = 16;
const BITS_AT = 18;

/** Configurations of decoders, which QuickTime puts into a box `wave` and MP4 right into the entry. */
const CONFIGURATIONS: readonly string[] = ['esds', 'alac', 'dac3', 'dec3', 'dOps', 'dfLa'];

/**
 * Returns a sound's sample entry as MP4 has it. Browsers refuse the version 1 that QuickTime and ffmpeg write into MOV; the
 * decoder's configuration in it is the same. Any other entry is returned as it is.
 */
export function soundEntry(movie: MovieBytes, entry: MemoryBox): Buffer {
  const { bytes, view } = movie;
  const { start, body, end } = entry;
  const hasVersion1 = end - body >= FIXED_BYTES + VERSION_1_BYTES && view.getUint16(body + VERSION_AT) === 1;
  if (!hasVersion1) return bytes.subarray(start, end);
  const boxes = innerBoxes(movie, { from: body + FIXED_BYTES + VERSION_1_BYTES, to: end });
  const found = boxes.flatMap((box) => (box.type === 'wave' ? childrenInside(movie, box) : [box]));
  const kept = found.filter(({ type }) => CONFIGURATIONS.includes(type) || type === 'SA3D' || type === 'chnl');
  if (!kept.some(({ type }) => CONFIGURATIONS.includes(type))) return bytes.subarray(start, end);
  const fixed = Buffer.from(bytes.subarray(body, body + FIXED_BYTES));
  fixed.writeUInt16BE(0, VERSION_AT);
  return newBox(entry.type, fixed, ...kept.map((box) => bytes.subarray(box.start, box.end)));
}

/**
 * Whether a sound whose samples all have one byte, by its tables, has more by its entry: old QuickTime counts raw sound so, in
 * samples instead of bytes.
 */
export function countsInSamples({ view }: MovieBytes, { body, end }: MemoryBox): boolean {
  if (end - body < FIXED_BYTES) return false;
  return view.getUint16(body + CHANNELS_AT) * view.getUint16(body + BITS_AT) > 8;
}
