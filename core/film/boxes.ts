/** A box of an MP4 or MOV file in memory (ISO/IEC 14496-12 4.2): its header at `start`, its content from `body` to `end`. */
export type MemoryBox = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

/** The whole boxes of `[from, to)`, in order; it ends before bytes that are no whole box, as QuickTime's closing zeros are. */
export function boxesOf(bytes: Buffer, from: number, to: number): readonly MemoryBox[] {
  const found: MemoryBox[] = [];
  for (let start = from; start + 8 <= to; ) {
    const short = bytes.readUInt32BE(start);
    const body = start + (short === 1 ? 16 : 8);
    if (body > to) break;
    const end = short === 0 ? to : start + (short === 1 ? Number(bytes.readBigUInt64BE(start + 8)) : short);
    if (end < body || end > to) break;
    found.push({ type: bytes.toString('latin1', start + 4, start + 8), start, body, end });
    start = end;
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
