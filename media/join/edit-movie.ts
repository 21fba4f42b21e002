import { type FileHandle, open } from 'node:fs/promises';
import { newBox } from '../../core/bytes/boxes.ts';
import { ServiceError } from '../../core/errors.ts';
import { moveChunks } from '../../core/film/spherical.ts';
import { writeFailure } from '../process/write-failure.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { boxesIn, type Mp4Box } from '../structure/mp4-boxes.ts';
import { type MoviePart, moveBytes, readWhole, readWithoutTables, withTables, writeParts } from './held-tables.ts';

/** The tables of a day-long film take about 50 MB. */
const LARGEST_MOOV = 96 * 2 ** 20;
const MOVE_BYTES = 16 * 2 ** 20;

type EditOptions = {
  readonly appended?: readonly Buffer[];
  readonly keepsTables?: boolean;
  readonly signal: AbortSignal;
};

type Moov = { readonly box: Mp4Box; readonly bytes: Buffer };

/**
 * Edits the movie box of an MP4 or MOV of our own, and adds boxes at its end. The bytes behind the movie box move in place. With
 * `keepsTables` the edit gets marks instead of large tables of samples, which must stay where they are. Throws `not-exact` where
 * there is no movie box, `over-limit` where it is too large.
 */
export async function editMovie(
  path: string,
  edit: (moov: Buffer) => Buffer,
  { appended = [], keepsTables = false, signal }: EditOptions,
): Promise<void> {
  const found = await withByteSource(path, signal, async (source) => {
    const box = await movieBox(source);
    const read =
      box && (await (keepsTables ? readWithoutTables(source, box) : { ...(await wholeOf(source, box)), held: [] }));
    return { box, read, size: source.size };
  });
  const { box, read } = found;
  if (!box || !read) throw new ServiceError('not-exact', 'the joined file has no movie box');
  const edited = edit(read.bytes);
  if (edited.equals(read.bytes) && appended.length === 0) return;
  const less = read.bytes.length - edited.length;
  const free = less > 0 ? freeSpace(less) : Buffer.alloc(0);
  const by = free.length - less;
  moveChunks(edited, box.end, by);
  const parts = [...withTables(edited, read.held), free];
  const file = await open(path, 'r+');
  try {
    await writeFailure(rewrite(file, parts, { box, size: found.size, by }, signal), path);
    const tail = Buffer.concat(appended);
    if (tail.length > 0) await writeFailure(file.write(tail, 0, tail.length, found.size + by), path);
  } finally {
    await file.close();
  }
}

/** Returns a box of at least `bytes` bytes that means nothing; a box has 8 bytes at the least. */
const freeSpace = (bytes: number) => newBox('free', Buffer.alloc(Math.max(0, bytes - 8)));

async function rewrite(
  file: FileHandle,
  parts: readonly MoviePart[],
  { box, size, by }: { readonly box: Mp4Box; readonly size: number; readonly by: number },
  signal: AbortSignal,
): Promise<void> {
  const block = Buffer.alloc(Math.min(MOVE_BYTES, size - box.start));
  await moveBytes(file, { start: box.end, size: size - box.end }, { to: box.end + by, block, signal });
  await writeParts(file, parts, { at: box.start, block, signal });
}

async function movieBox(source: ByteSource): Promise<Mp4Box | undefined> {
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type !== 'moov') continue;
    if (box.size > LARGEST_MOOV)
      throw new ServiceError('over-limit', `its movie box has ${box.size} bytes; at most ${LARGEST_MOOV} can be read`);
    return box;
  }
  return undefined;
}

/** Reads the movie box of a file of our own; undefined where there is none. Throws `over-limit`. */
export async function readMoov(source: ByteSource): Promise<Moov | undefined> {
  const box = await movieBox(source);
  return box && wholeOf(source, box);
}

const wholeOf = async (source: ByteSource, box: Mp4Box): Promise<Moov> => ({
  box,
  bytes: await readWhole(source, box),
});
