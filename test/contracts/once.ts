import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Once } from '../../core/ports/once.ts';

export type OpenOnce = () => Promise<{ once: Once; close(): Promise<void> }>;

/** What everything does that remembers what was done. */
export function onceContract(name: string, open: OpenOnce): void {
  describe(`${name} as a memory of what was done`, () => {
    let once: Once;
    let close: () => Promise<void>;

    beforeEach(async () => {
      ({ once, close } = await open());
    });
    afterEach(() => close());

    it('gives the turn to the first, and to nobody else until it runs out', async () => {
      expect(await once.begin('a', 2_000, 1_000)).toBe('mine');
      expect(await once.begin('a', 3_000, 1_999)).toBe('theirs');
      expect(await once.begin('a', 3_000, 2_000)).toBe('mine');
      expect(await once.begin('a', 4_000, 2_001)).toBe('theirs');
    });

    it('gives no turn to what was finished, however late', async () => {
      await once.begin('a', 2_000, 1_000);
      await once.finish('a');
      expect(await once.begin('a', 9_000, 1_001)).toBe('done');
      expect(await once.begin('a', 9_000_000, 8_000_000)).toBe('done');
    });

    it('gives the turn at once to the next, when it was given up', async () => {
      await once.begin('a', 2_000, 1_000);
      await once.giveUp('a');
      expect(await once.begin('a', 3_000, 1_001)).toBe('mine');
    });

    it('keeps names apart', async () => {
      await once.begin('a', 2_000, 1_000);
      expect(await once.begin('b', 2_000, 1_000)).toBe('mine');
      await once.finish('b');
      expect(await once.begin('a', 3_000, 1_500)).toBe('theirs');
    });

    it('gives one turn to one of many', async () => {
      const turns = await Promise.all(Array.from({ length: 10 }, () => once.begin('a', 2_000, 1_000)));
      expect(turns.filter((turn) => turn === 'mine')).toHaveLength(1);
    });
  });
}
