import { type FileHandle, open } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { newBox } from '../../core/film/boxes.ts';
import { moveChunks } from '../../core/film/spherical.ts';
import { writeFailure } from '../process/write-failure.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { boxesIn, type Mp4Box } from '../structure/mp4-boxes.ts';

/** The tables of a day-long film take about 50 MB. */
const LARGEST_MOOV = 96 * 2 ** 20;
const READ_BYTES = 4 * 2 ** 20;
const MOVE_BYTES = 16 * 2 ** 20;

type Moov = { readonly box: Mp4Box; readonly bytes: Buffer };

/**
 * Edits the movie box of an MP4 or MOV of our own, and adds boxes at its end. The bytes behind the movie box move in place.
 * Throws `not-exact` where there is no movie box, `over-limit` where it is too large.
 */
export async function editMovie(
  path: string,
  edit: (moov: Buffer) => Buffer,
  { appended = [], signal }: { readonly appended?: readonly Buffer[]; readonly signal: AbortSignal },
): Promise<void> {
  const found = await withByteSource(path, signal, async (source) => ({
    moov: await readMoov(source),
    size: source.size,
  }));
  if (!found.moov) throw new ServiceError('not-exact', 'the joined file has no movie box');
  const { box, bytes } = found.moov;
  const edited = edit(bytes);
  if (edited.equals(bytes) && appended.length === 0) return;
  const free = edited.length < bytes.length ? freeSpace(bytes.length - edited.length) : Buffer.alloc(0);
  const by = edited.length + free.length - bytes.length;
  moveChunks(edited, box.end, by);
  const file = await open(path, 'r+');
  try {
    await writeFailure(rewrite(file, [edited, free], { box, size: found.size, by }, signal), path);
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
  moov: readonly Buffer[],
  { box, size, by }: { readonly box: Mp4Box; readonly size: number; readonly by: number },
  signal: AbortSignal,
): Promise<void> {
  const block = Buffer.alloc(Math.min(MOVE_BYTES, size - box.end));
  // blocks move from the end, so that none is overwritten before it was read
  for (let end = size; end > box.end && by > 0; ) {
    signal.throwIfAborted();
    const length = Math.min(block.length, end - box.end);
    end -= length;
    await file.read(block, 0, length, end);
    await file.write(block, 0, length, end + by);
  }
  let at = box.start;
  for (const part of moov) {
    await file.write(part, 0, part.length, at);
    at += part.length;
  }
}

/** Reads the movie box of a file of our own; undefined where there is none. Throws `over-limit`. */
export async function readMoov(source: ByteSource): Promise<Moov | undefined> {
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type !== 'moov') continue;
    if (box.size > LARGEST_MOOV)
      throw new ServiceError('over-limit', `its movie box has ${box.size} bytes; at most ${LARGEST_MOOV} can be read`);
    const bytes = Buffer.allocUnsafeSlow(box.size); // parts that are put together later would be there twice
    for (let at = box.start; at < box.end; at += READ_BYTES) {
      (await source.read(at, Math.min(READ_BYTES, box.end - at))).copy(bytes, at - box.start);
    }
    return { box, bytes };
  }
  return undefined;
}
