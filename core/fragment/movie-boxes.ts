import { boxHeaders, type MemoryBox } from '../bytes/boxes.ts';
import { shownType } from '../bytes/shown-type.ts';
import { unfragmentable } from './refuse.ts';

/** The movie box in memory, with a view for its numbers. */
export type MovieBytes = { readonly bytes: Buffer; readonly view: DataView };

/** No box of a real movie has as many boxes inside; a hostile one of 100 MB could hold 12 million. */
const MOST_CHILDREN = 4096;

/** Returns bytes of an MP4 together with a view that reads their numbers. */
export function movieBytes(bytes: Buffer): MovieBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** Returns the whole boxes inside `[from, to)`. Throws where one reaches past the end, or where there are too many. */
export function innerBoxes(
  { bytes }: MovieBytes,
  { from, to }: { readonly from: number; readonly to: number },
): readonly MemoryBox[] {
  const found: MemoryBox[] = [];
  for (const box of boxHeaders(bytes, from, to)) {
    // QuickTime ends lists with 32 bits of zero, which a header of size 0 would look like
    if (box.type === '\0\0\0\0') break;
    if (box.end > to) throw unfragmentable(`its ${shownType(box.type)} box reaches past the box that holds it`);
    if (found.length >= MOST_CHILDREN) throw unfragmentable(`a box of it holds more than ${MOST_CHILDREN} boxes`);
    found.push(box);
  }
  return found;
}

/** Returns the boxes inside a box, behind the `skip` bytes of its own fields. Throws where one reaches past its end. */
export const childrenInside = (movie: MovieBytes, { body, end }: MemoryBox, skip = 0) =>
  innerBoxes(movie, { from: Math.min(body + skip, end), to: end });

/** Returns the first box to which a path of types leads. */
export function boxInside(movie: MovieBytes, parent: MemoryBox, ...path: readonly string[]): MemoryBox | undefined {
  let box: MemoryBox | undefined = parent;
  for (const type of path) box = box && childrenInside(movie, box).find((child) => child.type === type);
  return box;
}

/** Returns the box, which must be there and hold at least `bytes` bytes. */
export function neededBox(box: MemoryBox | undefined, type: string, bytes: number): MemoryBox {
  if (!box) throw unfragmentable(`it has no ${type} box where there must be one`);
  if (box.end - box.body < bytes) throw unfragmentable(`its ${type} box is too short`);
  return box;
}

/** Reads an unsigned number of 64 bits; numbers above 2^53, which no file needs, are refused. */
export function wideNumber(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at));
  if (!Number.isSafeInteger(value)) throw unfragmentable(`it holds the number ${value}, which no real file does`);
  return value;
}
