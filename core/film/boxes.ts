/**
 * Where a box of an MP4 or QuickTime file lies (ISO/IEC 14496-12 4.2), in bytes from wherever the reader counts: its
 * header at `start`, its payload from `body` to `end`. `end` is as the file claims it, and may lie past what holds the box.
 */
export type MemoryBox = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

/**
 * Reads the header of the box at `at`; a size of 0 means that the box reaches to `limit`. Undefined where no box begins:
 * fewer bytes than a header, or a size smaller than one. Every reader of boxes, in memory or in a file, stands on this.
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

/** The boxes of `[from, to)` whose headers lie in `bytes`, in order; the last one may reach past `to`. */
export function* boxHeaders(bytes: Uint8Array, from: number, to: number): Generator<MemoryBox> {
  for (let at = from; at + 8 <= to; ) {
    const box = boxHeader(bytes, at, to);
    if (!box) return;
    yield box;
    at = box.end;
  }
}

/** The whole boxes of `[from, to)`, in order; it ends before bytes that are no whole box, as QuickTime's closing zeros are. */
export function boxesOf(bytes: Buffer, from: number, to: number): readonly MemoryBox[] {
  const found: MemoryBox[] = [];
  for (const box of boxHeaders(bytes, from, to)) {
    if (box.end > to) break;
    found.push(box);
  }
  return found;
}

export const boxBytes = (bytes: Buffer, { start, end }: MemoryBox): Buffer => bytes.subarray(start, end);

/** The first box at the end of a path of types inside another. */
export function boxAt(bytes: Buffer, parent: MemoryBox, ...path: readonly string[]): MemoryBox | undefined {
  const [type, ...rest] = path;
  if (type === undefined) return parent;
  const child = boxesOf(bytes, parent.body, parent.end).find((each) => each.type === type);
  return child && boxAt(bytes, child, ...rest);
}

/** A box of these parts. */
export function newBox(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(content.length + 8, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

/** The box anew, with the one at the end of a path of types inside it replaced. */
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
