import { boxHeaders, type MemoryBox } from '../bytes/boxes.ts';
import { lengthIn } from '../bytes/header-length.ts';
import type { SourceOutline } from './source-outline.ts';
import { isMultiplex } from './stream-head.ts';

/** What a file's first bytes and its header state. */
type HeaderFacts = Omit<SourceOutline, 'bytes'>;

export const NOTHING_KNOWN: HeaderFacts = { pixels: undefined, durationSeconds: undefined };

/** One read of this size holds the movie box of nearly every file that has it in front, or the start of any movie box. */
export const HEADER_BYTES = 64 * 1024;

/**
 * Reads picture size and length of an MP4 or MOV with one or two reads of HEADER_BYTES. Of any other file it is known at most that it is
 * a transport or program stream.
 */
export async function readHeader(bytes: number, readAt: (offset: number) => Promise<Uint8Array>): Promise<HeaderFacts> {
  if (bytes === 0) return NOTHING_KNOWN;
  const head = await readAt(0);
  const moov = moovOffset(head);
  if (moov === undefined) return isMultiplex(head) ? { ...NOTHING_KNOWN, mayBeJoined: true } : NOTHING_KNOWN;
  if (moov >= bytes) return NOTHING_KNOWN;
  const isHere = moov + HEADER_BYTES / 2 <= head.length || head.length === bytes;
  return pictureFromMoov(isHere ? head.subarray(moov) : await readAt(moov));
}

/**
 * Returns the offset of the `moov` box by the file's first bytes, or of the box at which to read on; undefined if the file is
 * no MP4 or MOV. This is a cheap guess that sizes a task, and nothing is refused by it.
 */
export function moovOffset(head: Uint8Array): number | undefined {
  const boxes = [...boxHeaders(head, 0, Number.POSITIVE_INFINITY)];
  if (boxes[0]?.type !== 'ftyp' && boxes[0]?.type !== 'wide' && boxes[0]?.type !== 'mdat') return undefined;
  const moov = boxes.find(({ type }) => type === 'moov');
  return moov ? moov.start : boxes.at(-1)?.end;
}

/** Reads length and largest picture from bytes that begin with `moov` and may end before its end. */
export function pictureFromMoov(bytes: Uint8Array): HeaderFacts {
  const [moov] = boxHeaders(bytes, 0, bytes.length);
  if (moov?.type !== 'moov') return NOTHING_KNOWN;
  const pixels: number[] = [];
  let durationSeconds: number | undefined;
  for (const box of boxHeaders(bytes, moov.body, moov.end)) {
    if (box.type === 'mvhd') durationSeconds = lengthIn(bytes, box.body);
    if (box.type === 'trak') pixels.push(trackPixels(bytes, box));
  }
  const largest = Math.max(0, ...pixels);
  return { pixels: largest > 0 ? largest : undefined, durationSeconds };
}

/** Reads `tkhd`, which ends with width and height as 16.16 numbers; both are 0 for sound (ISO/IEC 14496-12 8.3.2). */
function trackPixels(bytes: Uint8Array, trak: MemoryBox): number {
  for (const { type, end } of boxHeaders(bytes, trak.body, trak.end)) {
    if (type !== 'tkhd' || end > bytes.length) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return view.getUint16(end - 8) * view.getUint16(end - 4);
  }
  return 0;
}
