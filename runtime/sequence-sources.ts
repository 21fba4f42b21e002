import { ServiceError } from '../core/errors.ts';
import { sequencePattern } from '../core/film/image-sequence.ts';
import { nameOf } from '../core/path-parts.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { framesAt } from '../media/animation/frames-at.ts';

/** The store of sources with sequences of pictures in it: a key as `frame_%05d.png` means all pictures of that name. */
export function sequenceSources(store: ObjectStore): ObjectStore {
  return {
    ...store,
    async head(key) {
      const there = await store.head(key);
      if (there || !isPattern(key)) return there;
      const found = await framesAt(store.locate(key));
      return found && { key, bytes: found.bytes, modifiedMs: found.modifiedMs };
    },
    async fetch(key, signal) {
      if (!isPattern(key) || (await store.head(key))) return store.fetch(key, signal);
      const path = store.locate(key);
      if (await framesAt(path)) return { path, version: '', release: async () => {} };
      throw new ServiceError(
        'no-input',
        `there are no pictures ${JSON.stringify(key)}; name a sequence as frame%04d.png, whose pictures have a number at that place`,
      );
    },
  };
}

const isPattern = (key: string): boolean => sequencePattern(nameOf(key)) !== undefined;
