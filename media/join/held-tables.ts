import type { FileHandle } from 'node:fs/promises';
import { inFourBytes } from '../../core/bytes/big-endian.ts';
import { boxBytes, boxesOf, type MemoryBox, newBox } from '../../core/bytes/boxes.ts';
import type { ByteSource } from '../structure/byte-source.ts';
import { boxesIn, type Mp4Box } from '../structure/mp4-boxes.ts';

/** The tables with an entry for each sample, which no edit of the movie box reads or changes. */
const TABLES: ReadonlySet<string> = new Set(['stsz', 'ctts']);
const WAY = ['moov', 'trak', 'mdia', 'minf', 'stbl'] as const;
/** Tables of fewer bytes stay in memory. */
const LEAST_BYTES = 1 << 20;
const MARK = Buffer.from('held back');

/** A table that stays in the file while the box around it is edited. */
type HeldTable = Pick<Mp4Box, 'start' | 'size'>;

/** A part of an edited movie box: bytes, or a table that lies in the file. */
export type MoviePart = Buffer | HeldTable;

/**
 * Reads a movie box of a file of our own, with a mark instead of each large table: each edit makes a copy of the box, and the
 * tables of a day-long film have 30 MB.
 */
export async function readWithoutTables(source: ByteSource, moov: Mp4Box) {
  const held: HeldTable[] = [];
  return { bytes: await readBox(moov, 0), held };

  async function readBox(box: Mp4Box, depth: number): Promise<Buffer> {
    const inside = WAY[depth] === box.type && depth < WAY.length;
    if (!inside || box.headerBytes !== 8) return readWhole(source, box);
    const parts: Buffer[] = [];
    let at = box.start + box.headerBytes;
    for await (const child of boxesIn(source, at, box.end)) {
      if (child.end > box.end) break;
      const isHeld = box.type === 'stbl' && TABLES.has(child.type) && child.size >= LEAST_BYTES;
      if (isHeld) held.push(child);
      parts.push(isHeld ? markOf(child.type, held.length - 1) : await readBox(child, depth + 1));
      at = child.end;
    }
    if (at < box.end) parts.push(await readWhole(source, { start: at, end: box.end }));
    return newBox(box.type, ...parts);
  }
}

const READ_BYTES = 4 * 2 ** 20;

/** Reads `[start, end)` into memory of its own. */
export async function readWhole(source: ByteSource, { start, end }: Pick<Mp4Box, 'start' | 'end'>): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(end - start); // parts that are put together later would be there twice
  for (let at = start; at < end; at += READ_BYTES)
    (await source.read(at, Math.min(READ_BYTES, end - at))).copy(bytes, at - start);
  return bytes;
}

const markOf = (type: string, number: number): Buffer => newBox(type, MARK, inFourBytes(number));

/**
 * Returns the parts of an edited movie box, in order, with the tables where their marks are; the sizes of the boxes around them
 * are set in place. Throws where an edit has lost or doubled a mark.
 */
export function withTables(moov: Buffer, held: readonly HeldTable[]): readonly MoviePart[] {
  const parts: MoviePart[] = [];
  const found: number[] = [];
  let from = 0;
  const grow = (box: MemoryBox, depth: number): number => {
    const number = numberOf(moov, box);
    const table = number === undefined ? undefined : held[number];
    if (number !== undefined && table) {
      parts.push(moov.subarray(from, box.start), table);
      found.push(number);
      from = box.end;
      return table.size - (box.end - box.start);
    }
    if (WAY[depth] !== box.type) return 0;
    const by = boxesOf(moov, box.body, box.end).reduce((sum, child) => sum + grow(child, depth + 1), 0);
    if (by !== 0) moov.writeUInt32BE(box.end - box.start + by, box.start);
    return by;
  };
  for (const box of boxesOf(moov, 0, moov.length)) grow(box, 0);
  parts.push(moov.subarray(from));
  if (found.length !== held.length || new Set(found).size !== held.length)
    throw new Error(`an edit of a movie box left ${found.length} of ${held.length} tables`);
  return parts;
}

function numberOf(moov: Buffer, box: MemoryBox): number | undefined {
  if (!TABLES.has(box.type)) return undefined;
  const payload = boxBytes(moov, box).subarray(box.body - box.start);
  const isMark = payload.length === MARK.length + 4 && payload.subarray(0, MARK.length).equals(MARK);
  return isMark ? payload.readUInt32BE(MARK.length) : undefined;
}

const sizeOfPart = (part: MoviePart): number => (Buffer.isBuffer(part) ? part.length : part.size);

/**
 * Writes the parts from `at` on, where the tables may lie in what is overwritten. If all of them move to the back, the last part
 * goes first, so that no table is overwritten before it was moved; if all move to the front, the first. Otherwise all tables are
 * read before anything is written.
 */
export async function writeParts(
  file: FileHandle,
  parts: readonly MoviePart[],
  { at, block, signal }: { readonly at: number; readonly block: Buffer; readonly signal: AbortSignal },
): Promise<void> {
  let to = at;
  const placed = parts.map((part) => {
    const place = { part, to };
    to += sizeOfPart(part);
    return place;
  });
  const ways = placed.flatMap(({ part, to }) => (Buffer.isBuffer(part) ? [] : [to - part.start]));
  const [toBack, toFront] = [ways.every((by) => by >= 0), ways.every((by) => by <= 0)];
  if (!toBack && !toFront) {
    const read = await Promise.all(parts.map((part) => (Buffer.isBuffer(part) ? part : readTable(file, part))));
    return writeParts(file, read, { at, block, signal });
  }
  for (const { part, to } of toBack ? placed.reverse() : placed) {
    signal.throwIfAborted();
    if (Buffer.isBuffer(part)) await file.write(part, 0, part.length, to);
    else await moveBytes(file, part, { to, block });
  }
}

async function readTable(file: FileHandle, { start, size }: HeldTable): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, start);
  return bytes;
}

/** Moves bytes in a file by blocks, from the end where they move to the back, so that none is overwritten before it was read. */
export async function moveBytes(
  file: FileHandle,
  { start, size }: HeldTable,
  { to, block, signal }: { readonly to: number; readonly block: Buffer; readonly signal?: AbortSignal },
): Promise<void> {
  if (to === start) return;
  for (let done = 0; done < size; ) {
    signal?.throwIfAborted();
    const length = Math.min(block.length, size - done);
    const from = to > start ? size - done - length : done;
    await file.read(block, 0, length, start + from);
    await file.write(block, 0, length, to + from);
    done += length;
  }
}
