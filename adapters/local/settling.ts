import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectInfo } from '../../core/ports/object-store.ts';

type Settling = {
  /** Looks at a file that may have changed. Resolves when the file was reported or has gone, or on abort. */
  see(key: string): Promise<void>;
  /** The files whose current version was reported. */
  reported(): Iterable<string>;
};

/** Resolves when so many milliseconds have passed; rejects when it is aborted before. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

type Settle = {
  readonly stableMs: number;
  readonly signal: AbortSignal;
  /** A timer, unless somebody else holds the time. */
  readonly wait?: Wait | undefined;
  /** Returns the file's size and time; undefined if it has gone. */
  readonly look: (key: string) => Promise<ObjectInfo | undefined>;
  readonly onStable: (file: ObjectInfo) => void;
};

const byTimer: Wait = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

/**
 * Reports each version of a file once, when the file has stopped growing, that is when its size and time of change stayed
 * the same for `stableMs`. A file's age proves nothing, because the clock of a network drive may be behind ours.
 */
export function settling({ stableMs, signal, wait, look, onStable }: Settle): Settling {
  const passes: Wait = wait ?? byTimer;
  const versions = new Map<string, string>();
  const waiting = new Map<string, Promise<void>>();
  const seenAgain = new Set<string>();

  async function settle(key: string): Promise<void> {
    let before = await look(key);
    while (before && versionOf(before) !== versions.get(key)) {
      await passes(stableMs, signal);
      const after = await look(key);
      if (after && versionOf(after) === versionOf(before)) {
        versions.set(key, versionOf(after));
        onStable(after);
      }
      before = after;
    }
    if (!before) versions.delete(key);
  }

  async function settleUntilUnseen(key: string): Promise<void> {
    try {
      do await settle(key);
      while (seenAgain.delete(key));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      waiting.delete(key);
      seenAgain.delete(key);
    }
  }

  return {
    see(key) {
      // The change may have come after the last look at the file.
      if (waiting.has(key)) seenAgain.add(key);
      const settled = waiting.get(key) ?? settleUntilUnseen(key);
      waiting.set(key, settled);
      return settled;
    },
    reported: () => versions.keys(),
  };
}

/** Returns what tells two states of a file apart without reading it: its size and its time. */
export const versionOf = ({ bytes, modifiedMs }: Pick<ObjectInfo, 'bytes' | 'modifiedMs'>): string =>
  `${bytes}@${modifiedMs}`;
