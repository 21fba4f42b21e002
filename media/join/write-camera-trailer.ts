import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { CameraTrailer } from '../../core/film/camera-trailer.ts';
import type { GpxTask } from '../../core/ports/file-maker.ts';
import { writeFailure } from '../process/write-failure.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { cameraTrailer } from '../structure/camera-trailer.ts';

/** Writes what a camera put behind the boxes of its film into a file, byte for byte; undefined, and no file, where it put nothing there. */
export async function writeCameraTrailer(
  { path, output }: GpxTask,
  signal: AbortSignal,
): Promise<CameraTrailer | undefined> {
  const trailer = await withByteSource(path, signal, cameraTrailer);
  if (!trailer) return undefined;
  const { start, length } = trailer;
  const bytes = createReadStream(path, { start, end: start + length - 1 });
  try {
    await writeFailure(pipeline(bytes, createWriteStream(output), { signal }), output);
  } catch (error) {
    await rm(output, { force: true });
    throw error;
  }
  return trailer;
}
