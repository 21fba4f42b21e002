import { open } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { findBox, payloadStart, trackBoxes } from '../structure/mp4-boxes.ts';

/** Writes the matrix into the picture track's tkhd of an MP4 (ISO/IEC 14496-12 8.3.2): nine big-endian 32-bit numbers. */
export async function patchDisplayMatrix(path: string, matrix: readonly number[], signal: AbortSignal): Promise<void> {
  const position = await withByteSource(path, signal, matrixPosition);
  const bytes = Buffer.alloc(4 * matrix.length);
  for (const [i, value] of matrix.entries()) bytes.writeInt32BE(value | 0, 4 * i);
  const file = await open(path, 'r+');
  try {
    await file.write(bytes, 0, bytes.length, position);
  } finally {
    await file.close();
  }
}

async function matrixPosition(source: ByteSource): Promise<number> {
  for await (const track of trackBoxes(source)) {
    const handler = await findBox(source, track, 'mdia', 'hdlr');
    const header = await findBox(source, track, 'tkhd');
    if (!handler || !header || (await payloadStart(source, handler, 12)).toString('latin1', 8, 12) !== 'vide') continue;
    const version = (await payloadStart(source, header, 1)).readUInt8(0);
    return header.start + header.headerBytes + (version === 1 ? 52 : 40);
  }
  throw new ServiceError('not-exact', 'the joined file has no picture track to turn');
}
