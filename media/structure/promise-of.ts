import type { Promised } from '../../core/film/promised.ts';
import { aviPromise } from './avi-promise.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { mp4Promise } from './mp4-promise.ts';

/** Returns the frames or the length that a file's index announces; nothing for families whose index tells no more than the packets. */
export async function promiseOf(path: string, family: Family, signal: AbortSignal): Promise<Promised> {
  if (family === 'mp4') return withByteSource(path, signal, mp4Promise);
  return family === 'riff' ? withByteSource(path, signal, aviPromise) : {};
}
