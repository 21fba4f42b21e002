import type { ByteSource } from './byte-source.ts';
import { boxesIn, findBox, payloadOf } from './mp4-boxes.ts';

/** A block of a dashcam among the pictures of a film: its place in the file, and how many bytes it has. */
export type DashcamBlock = { readonly start: number; readonly length: number };

/** A block a second for a week. */
const MOST_BLOCKS = 604_800;
const [LIST_AT, ENTRY_BYTES] = [8, 8];

/**
 * Returns the blocks to which the list of a dashcam's film points (`gps `: version and flags, a count, and for each its position and its
 * length), without those that are not all there. None where there is no such list, or no real one.
 */
export async function dashcamBlocks(source: ByteSource): Promise<readonly DashcamBlock[]> {
  const list = await listOf(source);
  const blocks: DashcamBlock[] = [];
  for (let at = LIST_AT; at + ENTRY_BYTES <= list.length; at += ENTRY_BYTES) {
    const [start, length] = [list.readUInt32BE(at), list.readUInt32BE(at + 4)];
    if (start + length <= source.size) blocks.push({ start, length });
  }
  return blocks;
}

async function listOf(source: ByteSource): Promise<Buffer> {
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type !== 'moov') continue;
    const list = await findBox(source, box, 'gps ');
    const isReal = list && list.end <= source.size && list.size <= MOST_BLOCKS * ENTRY_BYTES;
    return isReal ? payloadOf(source, list, MOST_BLOCKS * ENTRY_BYTES) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}
