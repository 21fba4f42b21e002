import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** On a local disk a call takes some microseconds, on a network drive often a millisecond. */
const QUICK_MS = 0.2;
const ASKED_TO_KNOW = 32;

/**
 * Returns a function that gives the state of a file; undefined if it is not there. As long as the disk answers at once it is
 * asked directly, which costs a quarter of a call on another thread; a slow drive is asked for several files at a time.
 */
export function quickStat(): (path: string) => Promise<Stats | undefined> {
  let asked = 0;
  let slow = 0;
  return async (path) => {
    if (asked >= ASKED_TO_KNOW && slow > asked / 2) return stat(path).catch(unlessMissing);
    const begun = performance.now();
    try {
      return statSync(path, { throwIfNoEntry: false });
    } finally {
      asked++;
      if (performance.now() - begun > QUICK_MS) slow++; // on a busy machine some calls take long, but not most of them
    }
  };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
