import { readFile } from 'node:fs/promises';

export type PlacedBox = { readonly type: string; readonly at: number; readonly end: number };

/** What a `sidx` says (ISO/IEC 14496-12 8.16.3), read by nothing of ours. */
export type ReadIndex = {
  readonly track: number;
  /** Where the first part begins in the file. */
  readonly from: number;
  /** The bytes of each part. */
  readonly parts: readonly number[];
};

/** The boxes of a file, one behind the other. */
export async function boxesOf(path: string): Promise<readonly PlacedBox[]> {
  const bytes = await readFile(path);
  const boxes: PlacedBox[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), at, end: at + bytes.readUInt32BE(at) });
  return boxes;
}

export async function indexesOf(path: string): Promise<readonly ReadIndex[]> {
  const bytes = await readFile(path);
  const boxes = (await boxesOf(path)).filter(({ type }) => type === 'sidx');
  return boxes.map(({ at, end }) => {
    const isLong = bytes.readUInt8(at + 8) === 1;
    const counts = at + (isLong ? 40 : 32) - 2;
    const offset = isLong ? Number(bytes.readBigUInt64BE(at + 28)) : bytes.readUInt32BE(at + 24);
    const parts = Array.from({ length: bytes.readUInt16BE(counts) }, (_, i) => bytes.readUInt32BE(counts + 2 + 12 * i));
    return { track: bytes.readUInt32BE(at + 12), from: end + offset, parts };
  });
}
