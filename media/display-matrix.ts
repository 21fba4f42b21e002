import { open } from 'node:fs/promises';

/** Writes the matrix into the video track's tkhd of an MP4 (ISO/IEC 14496-12 8.3.2): nine big-endian 32-bit numbers. */
export async function patchDisplayMatrix(path: string, matrix: readonly number[]): Promise<void> {
  void path;
  void matrix;
  void open;
  throw new Error('not yet');
}
