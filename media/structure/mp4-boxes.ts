import { boxHeader } from '../../core/bytes/boxes.ts';
import { shownType } from '../../core/bytes/shown-type.ts';
import type { ByteSource } from './byte-source.ts';
import { broken, truncated } from './refusals.ts';

/** One box (atom) of an MP4 or QuickTime file, ISO/IEC 14496-12 4.2. Positions are bytes from the file's beginning. */
export type Mp4Box = {
  /** The four characters of the type, one byte each; "uuid" for boxes with an extended type. */
  readonly type: string;
  readonly start: number;
  /** 8, or 16 with a 64-bit size, and 16 more for a `uuid` box. The payload follows. */
  readonly headerBytes: number;
  /** The size that the file claims, header included; the box may reach past its parent. */
  readonly size: number;
  readonly end: number;
  /** Whether its size is given as 0, so that it reaches to the end of its parent. */
  readonly open: boolean;
};

/** Reads the box that begins at `at` inside `[at, limit)`; undefined where no box can begin. */
export async function boxAt(source: ByteSource, at: number, limit: number): Promise<Mp4Box | undefined> {
  const head = await source.read(at, Math.min(32, limit - at));
  const header = boxHeader(head, 0, limit - at);
  if (!header) return undefined;
  const headerBytes = header.body + (header.type === 'uuid' ? 16 : 0);
  if (head.length < headerBytes || header.end < headerBytes) return undefined;
  const { type, end: size } = header;
  return { type, start: at, headerBytes, size, end: at + size, open: head.readUInt32BE(0) === 0 };
}

/**
 * Yields the boxes of `[from, to)` in order, up to bytes that are no box, or up to and including a box that reaches past
 * `to`. The last `end` equals `to` only if the range was filled with whole boxes.
 */
export async function* boxesIn(source: ByteSource, from: number, to: number): AsyncGenerator<Mp4Box> {
  let at = from;
  while (at < to) {
    const box = await boxAt(source, at, to);
    if (!box) return;
    yield box;
    at = box.end;
  }
}

/** Yields the boxes inside a box, `skip` bytes behind its header (4 in a full box, 8 in `stsd` and `dref`). */
export const childrenOf = (source: ByteSource, box: Mp4Box, skip = 0): AsyncGenerator<Mp4Box> =>
  boxesIn(source, box.start + box.headerBytes + skip, box.end);

/** Returns the first box to which a path of types leads, as `findBox(source, moov, 'mvex', 'trex')`; undefined where a type is absent. */
export async function findBox(
  source: ByteSource,
  parent: Mp4Box,
  ...path: readonly string[]
): Promise<Mp4Box | undefined> {
  const [type, ...rest] = path;
  if (type === undefined) return parent;
  for await (const child of childrenOf(source, parent)) {
    if (child.type === type) return findBox(source, child, ...rest);
  }
  return undefined;
}

/** Reads a box's payload. Throws `bad-input` where it has more than `limit` bytes, `truncated` where it is not all there. */
export async function payloadOf(source: ByteSource, box: Mp4Box, limit: number): Promise<Buffer> {
  const length = box.size - box.headerBytes;
  if (length > limit) throw broken(source, `its ${nameOf(box)} holds ${length} bytes, more than any real one`);
  if (box.end > source.size) throw pastTheEnd(source, box);
  return source.read(box.start + box.headerBytes, length);
}

/** Returns the boxes of the tracks of an MP4 in order, which is that of ffmpeg's streams. */
export async function* trackBoxes(source: ByteSource): AsyncGenerator<Mp4Box> {
  for await (const box of boxesIn(source, 0, source.size)) if (box.type === 'moov') yield* trackBoxesIn(source, box);
}

/** Yields the boxes of the tracks of one movie box in order. */
export async function* trackBoxesIn(source: ByteSource, moov: Mp4Box): AsyncGenerator<Mp4Box> {
  for await (const child of childrenOf(source, moov)) if (child.type === 'trak') yield child;
}

/** Reads the first `needed` bytes of a box's payload. Throws `bad-input` where it has fewer, `truncated` where it is not all there. */
export async function payloadStart(source: ByteSource, box: Mp4Box, needed: number): Promise<Buffer> {
  if (box.size - box.headerBytes < needed) throw broken(source, `its ${nameOf(box)} is too short`);
  if (box.end > source.size) throw pastTheEnd(source, box);
  return source.read(box.start + box.headerBytes, needed);
}

/** Returns how a box is called in messages: its type, and where it lies. */
export const nameOf = ({ type, start }: Mp4Box) => `${shownType(type)} box at byte ${start}`;

/** Returns the error for a box that reaches past the end of its file. */
export const pastTheEnd = (source: ByteSource, box: Mp4Box) =>
  truncated(source, `its ${nameOf(box)} is ${box.size} bytes long, of which ${source.size - box.start} are there`);
