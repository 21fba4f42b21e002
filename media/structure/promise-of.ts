import type { Promised } from '../../core/film/promised.ts';
import { aviPromise } from './avi-promise.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { mp4Promise } from './mp4-promise.ts';

/** What the index of a file says of its picture, where it has one that says more than the packets do. */
export async function promiseOf(path: string, family: Family, signal: AbortSignal): Promise<Promised> {
  if (family === 'mp4') return withByteSource(path, signal, mp4Promise);
  return family === 'riff' ? withByteSource(path, signal, aviPromise) : {};
}
