import type { ByteSource } from './byte-source.ts';
import { boxesIn } from './mp4-boxes.ts';
import { beginsWith } from './recognise.ts';
import { TOP_BOXES } from './top-boxes.ts';

/** The bytes of a film that lies behind a picture, `[start, end)`. */
type FilmBehind = { readonly start: number; readonly end: number };

/** A photo of a phone has some MB, and its film too. */
const MOST_BYTES = 64 * 1024 * 1024;
const PART_BYTES = 4 * 1024 * 1024;
/** The box with which a film begins has a size of four bytes, its type, and a brand of films. */
const [TYPE, BRAND] = ['ftyp', /^(?:mp4[12]|isom|iso\d|qt {2}|avc1|M4V |3gp\d|hvc1)$/];
const [TYPE_AT, BRAND_AT, BEGINNING_BYTES, LARGEST] = [4, 8, 12, 256];

/**
 * Finds the film behind the picture of a motion photo, as phones of Google, Samsung, Xiaomi and others write them, each with another mark of
 * where it is (`MicroVideoOffset`, a directory in the XMP, `MotionPhoto_Data`): the film's own first box is the same in all of them.
 * In a HEIC it is in a box (`mpvd`), or lies behind the last one. Undefined where there is none.
 */
export async function filmBehindPicture(source: ByteSource): Promise<FilmBehind | undefined> {
  const last = Math.min(source.size, MOST_BYTES);
  for (let at = 0; at < last; at += PART_BYTES - BEGINNING_BYTES) {
    const part = await source.read(at, Math.min(PART_BYTES, last - at));
    for (let found = part.indexOf(TYPE); found >= 0; found = part.indexOf(TYPE, found + 1)) {
      const start = at + found - TYPE_AT;
      const end = beginsFilm(part, found - TYPE_AT) ? await endOfFilm(source, start) : undefined;
      if (end !== undefined) return { start, end };
    }
  }
  return undefined;
}

const beginsFilm = (part: Buffer, at: number): boolean =>
  at >= 0 &&
  at + BEGINNING_BYTES <= part.length &&
  part.readUInt32BE(at) < LARGEST &&
  BRAND.test(part.toString('latin1', at + BRAND_AT, at + BEGINNING_BYTES));

/** Where the last box of the film that begins here ends; undefined where it has no index. */
async function endOfFilm(source: ByteSource, start: number): Promise<number | undefined> {
  let [end, hasIndex] = [start, false];
  for await (const box of boxesIn(source, start, source.size)) {
    if (box.end > source.size || !TOP_BOXES.has(box.type)) break;
    hasIndex ||= box.type === 'moov';
    end = box.end;
  }
  return hasIndex ? end : undefined;
}

export const isJpeg = beginsWith('\xff\xd8\xff');

/** What is said of a motion photo, and how its film is taken out of it. */
export const asMotionPhoto = ({ start, end }: FilmBehind) => ({
  what: 'a motion photo',
  advice: `the film of ${end - start} bytes that lies behind its picture is taken out by: tail -c +${start + 1} SOURCE | head -c ${end - start} > NEW.mp4`,
});
