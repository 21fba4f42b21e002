import { inFourBytes } from '../bytes/big-endian.ts';
import { boxBytes, boxesOf, boxHeaders, type MemoryBox, newBox } from '../bytes/boxes.ts';

/** Reads a `meta` box, which is a full box in MP4 and a plain one in QuickTime (QTFF, Metadata). */
export function metaParts(bytes: Buffer): { readonly head: Buffer; readonly children: readonly MemoryBox[] } {
  const [meta] = boxHeaders(bytes, 0, bytes.length);
  if (!meta) return { head: Buffer.alloc(0), children: [] };
  const isPlain = meta.end - meta.body >= 8 && bytes.toString('latin1', meta.body + 4, meta.body + 8) === 'hdlr';
  const body = isPlain ? meta.body : Math.min(meta.body + 4, meta.end);
  return { head: bytes.subarray(meta.body, body), children: boxesOf(bytes, body, meta.end) };
}

/** Returns a `meta` box with these of its items alone, and of QuickTime's keys with those that number them. */
export function metaWithItems(bytes: Buffer, items: readonly MemoryBox[]): Buffer {
  const { children, head } = metaParts(bytes);
  const [keys, list] = ['keys', 'ilst'].map((name) => children.find(({ type }) => type === name));
  const left =
    keys && new Map([...new Set(items.map((item) => indexOf(bytes, item)))].map((number, i) => [number, i + 1]));
  const parts = children.map((child) => {
    if (child === keys && left) return keysAt(bytes, child, [...left.keys()]);
    if (child !== list) return boxBytes(bytes, child);
    return newBox('ilst', ...items.map((item) => numbered(boxBytes(bytes, item), left, indexOf(bytes, item))));
  });
  return newBox('meta', head, ...parts);
}

/** QuickTime's items have the number of their key in the place of a type. */
export const indexOf = (bytes: Buffer, { start }: MemoryBox): number => bytes.readUInt32BE(start + 4);

/** A box of those keys alone that have these numbers. */
function keysAt(bytes: Buffer, keys: MemoryBox, numbers: readonly number[]): Buffer {
  const all = boxesOf(bytes, keys.body + 8, keys.end);
  const own = numbers.flatMap((number) => all[number - 1] ?? []);
  const [head, count] = [bytes.subarray(keys.body, keys.body + 4), inFourBytes(own.length)];
  return newBox('keys', head, count, ...own.map((key) => boxBytes(bytes, key)));
}

/** An item with the number that its key has among those that are left. */
function numbered(item: Buffer, numbers: ReadonlyMap<number, number> | undefined, number: number): Buffer {
  if (numbers === undefined) return item;
  const copy = Buffer.from(item);
  copy.writeUInt32BE(numbers.get(number) ?? number, 4);
  return copy;
}
