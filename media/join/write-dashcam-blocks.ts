import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GpxTask } from '../../core/ports/file-maker.ts';
import { writeFailure } from '../process/write-failure.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { type DashcamBlock, dashcamBlocks } from '../structure/dashcam-blocks.ts';

/** Cameras write blocks of up to 32 KiB; what is larger than this is no block. */
const LARGEST_BLOCK = 2 ** 20;

/**
 * Writes the blocks that a dashcam put among its pictures into a file, one behind the other, byte for byte and in the order of its list,
 * whatever is in them. Returns how many there are; there is no file where there are none. A block that begins before the one before it ends
 * is left out, so that the file never has more bytes than the film.
 */
export async function writeDashcamBlocks({ path, output }: GpxTask, signal: AbortSignal): Promise<number> {
  const blocks = inOrder(await withByteSource(path, signal, dashcamBlocks));
  if (blocks.length === 0) return 0;
  try {
    await writeFailure(pipeline(Readable.from(bytesOf(path, blocks)), createWriteStream(output), { signal }), output);
  } catch (error) {
    await rm(output, { force: true });
    throw error;
  }
  return blocks.length;
}

function inOrder(blocks: readonly DashcamBlock[]): readonly DashcamBlock[] {
  let end = 0;
  return blocks.filter(({ start, length }) => {
    const isNext = start >= end && length > 0 && length <= LARGEST_BLOCK;
    if (isNext) end = start + length;
    return isNext;
  });
}

async function* bytesOf(path: string, blocks: readonly DashcamBlock[]): AsyncGenerator<Buffer> {
  for (const { start, length } of blocks) yield* createReadStream(path, { start, end: start + length - 1 });
}
