import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DemandStore } from '../../core/ports/demand-store.ts';

/** `another` sees the same counts, as another process would. */
export type OpenDemand = () => Promise<{ store: DemandStore; another: DemandStore; close(): Promise<void> }>;

const FILM = 'output/ladder/2019/it\'s a "film" 👋.mov';

/** What everything does that counts the uses of renditions. */
export function demandStoreContract(name: string, open: OpenDemand): void {
  describe(`${name} as a count of uses`, () => {
    let store: DemandStore;
    let another: DemandStore;
    let close: () => Promise<void>;

    beforeEach(async () => {
      ({ store, another, close } = await open());
    });
    afterEach(() => close());

    it('knows nothing of what was never used', async () => {
      expect(await store.of(FILM)).toEqual(new Map());
    });

    it('adds up what is counted, and remembers the last time', async () => {
      await store.count(FILM, 'hd', { views: 1, downloads: 0 }, 1_000);
      await another.count(FILM, 'hd', { views: 3, downloads: 2 }, 5_000);
      await store.count(FILM, '4k', { views: 0, downloads: 1 }, 2_000);
      expect(await another.of(FILM)).toEqual(
        new Map([
          ['hd', { views: 4, downloads: 2, usedMs: 5_000 }],
          ['4k', { views: 0, downloads: 1, usedMs: 2_000 }],
        ]),
      );
    });

    it('keeps drops apart, whatever their names begin with', async () => {
      await store.count(FILM, 'hd', { views: 1, downloads: 0 }, 1_000);
      expect(await store.of(`${FILM}2`)).toEqual(new Map());
      expect(await store.of(FILM.slice(0, -1))).toEqual(new Map());
    });

    it('loses nothing where many count at once', async () => {
      const counts = Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? store : another).count(FILM, 'sd', { views: 1, downloads: i % 2 }, 1_000),
      );
      await Promise.all(counts);
      expect((await store.of(FILM)).get('sd')).toEqual({ views: 20, downloads: 10, usedMs: 1_000 });
    });
  });
}
