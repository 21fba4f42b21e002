import type { PictureFragment } from '../../core/film/picture-fragments.ts';
import type { Promised } from '../../core/film/promised.ts';
import { aviPromise } from './avi-promise.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { mp4Promise } from './mp4-promise.ts';

/**
 * Returns the frames or the length that a file's index announces; nothing for families whose index tells no more than the packets.
 * The fragments of a fragmented MP4 are read where nobody has read them.
 */
export async function promiseOf(
  path: string,
  { family, fragments }: { readonly family: Family; readonly fragments?: readonly PictureFragment[] | undefined },
  signal: AbortSignal,
): Promise<Promised> {
  if (family === 'mp4') return withByteSource(path, signal, (source) => mp4Promise(source, fragments));
  return family === 'riff' ? withByteSource(path, signal, aviPromise) : {};
}
