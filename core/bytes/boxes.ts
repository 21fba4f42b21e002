/**
 * The position of a box of an MP4 or QuickTime file (ISO/IEC 14496-12 4.2), in bytes from the beginning of the buffer: its
 * header begins at `start`, its payload is `[body, end)`. The file claims `end`, which may lie outside the parent box.
 */
export type MemoryBox = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

/**
 * Reads the header of the box at `at`; a box of size 0 reaches to `limit`. Returns undefined where fewer bytes than a header
 * are left, or the size is smaller than the header. Every reader of boxes, in memory or in a file, uses this function.
 */
export function boxHeader(bytes: Uint8Array, at: number, limit: number): MemoryBox | undefined {
  if (at + 8 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const short = view.getUint32(at);
  const body = at + (short === 1 ? 16 : 8);
  if (body > bytes.length) return undefined;
  const end = short === 0 ? limit : at + (short === 1 ? Number(view.getBigUint64(at + 8)) : short);
  if (end < body) return undefined;
  return { type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), start: at, body, end };
}

/** Yields the boxes of `[from, to)` whose headers lie in `bytes`, in order; the last one may reach past `to`. */
export function* boxHeaders(bytes: Uint8Array, from: number, to: number): Generator<MemoryBox> {
  for (let at = from; at + 8 <= to; ) {
    const box = boxHeader(bytes, at, to);
    if (!box) return;
    yield box;
    at = box.end;
  }
}

/** Returns the whole boxes of `[from, to)` in order, up to the first bytes that are no whole box (QuickTime closes lists with zeros). */
export function boxesOf(bytes: Buffer, from: number, to: number): readonly MemoryBox[] {
  const found: MemoryBox[] = [];
  for (const box of boxHeaders(bytes, from, to)) {
    if (box.end > to) break;
    found.push(box);
  }
  return found;
}

/** Returns a whole box, its header included, without copying it. */
export const boxBytes = (bytes: Buffer, { start, end }: MemoryBox): Buffer => bytes.subarray(start, end);

/** Returns the box of a buffer that holds a movie box and nothing else. Throws where it holds another one: nobody hands on such bytes. */
export function movieIn(moov: Buffer): MemoryBox {
  const [movie] = boxesOf(moov, 0, moov.length);
  if (movie?.type !== 'moov') throw new Error('not a movie box');
  return movie;
}

/** Returns the first box inside `parent` that a path of box types leads to, or undefined where a type of the path is absent. */
export function boxByPath(bytes: Buffer, parent: MemoryBox, ...path: readonly string[]): MemoryBox | undefined {
  const [type, ...rest] = path;
  if (type === undefined) return parent;
  const child = boxesOf(bytes, parent.body, parent.end).find((each) => each.type === type);
  return child && boxByPath(bytes, child, ...rest);
}

/**
 * Returns where the number lies that follows the two dates of a header: the ticks a second of mvhd and mdhd, the number of a track of tkhd
 * (ISO/IEC 14496-12 8.2.2, 8.4.2 and 8.3.2). The payload begins at `body`; version 1 has dates of 64 bits.
 */
export const behindDates = (bytes: Uint8Array, body = 0): number => body + (bytes[body] === 1 ? 20 : 12);

/** Returns a box with these parts as its payload. They are copied once: tables of a day-long film take 30 MB. */
export function newBox(type: string, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...parts], length);
}

/** Returns the bytes of `box` with one inner box replaced: the first one that the path of box types leads to. */
export function withBox(
  bytes: Buffer,
  box: MemoryBox,
  path: readonly string[],
  replace: (found: MemoryBox) => Buffer,
): Buffer {
  const [type, ...rest] = path;
  if (type === undefined) return replace(box);
  const children = boxesOf(bytes, box.body, box.end);
  const target = children.find((child) => child.type === type);
  const parts = children.map((child) =>
    child === target ? withBox(bytes, child, rest, replace) : boxBytes(bytes, child),
  );
  const tail = bytes.subarray(children.at(-1)?.end ?? box.body, box.end);
  return newBox(box.type, ...parts, tail);
}
