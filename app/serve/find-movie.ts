import { boxHeader, boxHeaders } from '../../core/bytes/boxes.ts';
import type { OpenObject } from '../../core/ports/media-objects.ts';

/** The movie box of a progressive MP4; or that the file is fragmented already; or why there is none to be fragmented. */
export type FoundMovie = { readonly moov: Buffer } | { readonly isFragmented: true } | { readonly reason: string };

/** One read of this size holds the whole movie box of most films of a few minutes. */
const FIRST_READ = 256 * 1024;
/** An index of a day of film in 60 frames a second has 150 MB. */
const LARGEST_MOVIE = 192 * 2 ** 20;
const MOST_BOXES = 64;

const FRAGMENT_BOXES: readonly string[] = ['moof', 'styp', 'sidx'];
const FIRST_BOXES: readonly string[] = ['ftyp', 'wide', 'mdat', 'moov', 'free', 'skip', 'pnot', 'udta', 'uuid', 'junk'];

/** Finds the movie box with two or three reads. It never reads media. */
export async function findMovie(object: OpenObject, signal: AbortSignal): Promise<FoundMovie> {
  let at = 0;
  let window = { start: 0, bytes: Buffer.alloc(0) };
  const read = async (from: number, length: number) => {
    const inside = from - window.start;
    const isHere = inside >= 0 && inside + Math.min(length, object.bytes - from) <= window.bytes.length;
    if (!isHere) {
      const end = Math.min(object.bytes, from + Math.max(length, FIRST_READ));
      window = { start: from, bytes: Buffer.from(await object.read(from, end, signal)) };
    }
    return window.bytes.subarray(from - window.start, from - window.start + length);
  };
  for (let count = 0; at + 8 <= object.bytes && count < MOST_BOXES; count += 1) {
    const header = boxHeader(await read(at, 16), 0, object.bytes - at);
    if (!header || (count === 0 && ![...FIRST_BOXES, ...FRAGMENT_BOXES].includes(header.type)))
      return { reason: count === 0 ? 'it is no MP4' : 'it has no movie box (moov)' };
    if (FRAGMENT_BOXES.includes(header.type)) return { isFragmented: true };
    const end = at + header.end;
    if (header.type === 'moov') return wholeMovie(at, end, object, read);
    at = end;
  }
  return { reason: 'it has no movie box (moov)' };
}

async function wholeMovie(
  start: number,
  end: number,
  { bytes }: OpenObject,
  read: (from: number, length: number) => Promise<Buffer>,
): Promise<FoundMovie> {
  if (end > bytes) return { reason: `its movie box (moov) reaches to byte ${end}, and it has ${bytes}` };
  if (end - start > LARGEST_MOVIE)
    return { reason: `its movie box (moov) has ${end - start} bytes, more than is read` };
  const moov = await read(start, end - start);
  return isExtended(moov) ? { isFragmented: true } : { moov };
}

/** Whether fragments follow: a movie box says so by a box of its own (mvex). */
function isExtended(moov: Buffer): boolean {
  const movie = boxHeader(moov, 0, moov.length);
  let count = 0;
  for (const { type } of movie ? boxHeaders(moov, movie.body, moov.length) : []) {
    count += 1;
    if (type === 'mvex') return true;
    if (count > MOST_BOXES * MOST_BOXES) return false;
  }
  return false;
}
