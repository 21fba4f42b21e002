import { boxHeaders, type MemoryBox } from './boxes.ts';
import type { SourceOutline } from './source-outline.ts';

export type Picture = Pick<SourceOutline, 'pixels' | 'durationSeconds'>;

export const NOTHING_KNOWN: Picture = { pixels: undefined, durationSeconds: undefined };

/** Holds the header of nearly every file that is written for streaming, and of each file's movie box. */
export const HEADER_BYTES = 64 * 1024;

/** Picture and length of a file, from one or two reads of HEADER_BYTES; nothing where it is no MP4 or MOV. */
export async function pictureOf(bytes: number, readAt: (offset: number) => Promise<Uint8Array>): Promise<Picture> {
  if (bytes === 0) return NOTHING_KNOWN;
  const head = await readAt(0);
  const moov = moovOffset(head);
  if (moov === undefined || moov >= bytes) return NOTHING_KNOWN;
  const isHere = moov + HEADER_BYTES / 2 <= head.length || head.length === bytes;
  return pictureFromMoov(isHere ? head.subarray(moov) : await readAt(moov));
}

/**
 * Where to read on for `moov`, given the file's first bytes: the offset of its header, within them or far behind; undefined
 * if this is no such file. It is a cheap guess for sizing a task, never a judgement on the file.
 */
export function moovOffset(head: Uint8Array): number | undefined {
  const boxes = [...boxHeaders(head, 0, Number.POSITIVE_INFINITY)];
  if (boxes[0]?.type !== 'ftyp' && boxes[0]?.type !== 'wide' && boxes[0]?.type !== 'mdat') return undefined;
  const moov = boxes.find(({ type }) => type === 'moov');
  return moov ? moov.start : boxes.at(-1)?.end;
}

/** Length and largest picture, from the bytes at which `moov` begins; they need not be all of it. */
export function pictureFromMoov(bytes: Uint8Array): Picture {
  const [moov] = boxHeaders(bytes, 0, bytes.length);
  if (moov?.type !== 'moov') return NOTHING_KNOWN;
  const pixels: number[] = [];
  let durationSeconds: number | undefined;
  for (const box of boxHeaders(bytes, moov.body, moov.end)) {
    if (box.type === 'mvhd') durationSeconds = movieSeconds(bytes, box);
    if (box.type === 'trak') pixels.push(trackPixels(bytes, box));
  }
  const largest = Math.max(0, ...pixels);
  return { pixels: largest > 0 ? largest : undefined, durationSeconds };
}

/** mvhd: version and flags, then two times, timescale and duration in 32 or, version 1, 64 bits (8.2.2). */
function movieSeconds(bytes: Uint8Array, { body }: MemoryBox): number | undefined {
  const isLong = bytes[body] === 1;
  const at = body + (isLong ? 20 : 12);
  if (at + (isLong ? 12 : 8) > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timescale = view.getUint32(at);
  const duration = isLong ? Number(view.getBigUint64(at + 4)) : view.getUint32(at + 4);
  return timescale > 0 && duration > 0 ? duration / timescale : undefined;
}

/** tkhd ends with width and height as 16.16 numbers, 0 for sound (8.3.2). */
function trackPixels(bytes: Uint8Array, trak: MemoryBox): number {
  for (const { type, end } of boxHeaders(bytes, trak.body, trak.end)) {
    if (type !== 'tkhd' || end > bytes.length) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return view.getUint16(end - 8) * view.getUint16(end - 4);
  }
  return 0;
}
