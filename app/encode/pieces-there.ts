import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import type { Segment } from '../../core/segments/segments.ts';
import { pieceKey } from './work.ts';

/** The number of parallel requests to a store. All requests for a film of a day at once would take 33 MB. */
const AT_ONCE = 32;

/** Returns what the cache has of these segments' pieces, in their order. */
export async function piecesThere(
  segments: readonly Segment[],
  cache: Pick<ObjectStore, 'head'>,
): Promise<readonly (ObjectInfo | undefined)[]> {
  const found: (ObjectInfo | undefined)[] = [];
  for (let first = 0; first < segments.length; first += AT_ONCE) {
    const some = segments.slice(first, first + AT_ONCE);
    found.push(...(await Promise.all(some.map(({ key }) => cache.head(pieceKey(key))))));
  }
  return found;
}
