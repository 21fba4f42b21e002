/** The way to the server: one request at a time for all that a player plays, and how quick it is. */
export type Line = {
  /** Resolves when it is this request's turn; the smaller `rank` goes first. The result gives the turn back. */
  turn(rank: () => number, signal: AbortSignal): Promise<() => void>;
  /** A body of so many bytes took so long. */
  measure(bytes: number, milliseconds: number): void;
  /** Bits a second; undefined before anything was measured. */
  bits(): number | undefined;
};

/** Shorter bodies say more of the delay than of the line. */
const LEAST_BYTES = 30_000;
const NEWEST_WEIGHS = 0.4;

/** Returns a line in which requests wait, of which the one with the lowest rank goes first. */
export function newLine(): Line {
  const waiting: { readonly rank: () => number; readonly go: () => void }[] = [];
  let isBusy = false;
  let known: number | undefined;

  function next() {
    isBusy = false;
    const first = waiting.reduce<(typeof waiting)[number] | undefined>(
      (best, each) => (best && best.rank() <= each.rank() ? best : each),
      undefined,
    );
    if (!first) return;
    waiting.splice(waiting.indexOf(first), 1);
    isBusy = true;
    first.go();
  }

  return {
    turn(rank, signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        let isGiven = false;
        const give = () => {
          if (!isGiven) next();
          isGiven = true;
        };
        const entry = {
          rank,
          go: () => {
            signal.removeEventListener('abort', leave);
            resolve(give);
          },
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(signal.reason);
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(entry);
        if (!isBusy) next();
      });
    },
    measure(bytes, milliseconds) {
      if (bytes < LEAST_BYTES) return;
      const bits = (8000 * bytes) / Math.max(1, milliseconds);
      known = known === undefined ? bits : known + NEWEST_WEIGHS * (bits - known);
    },
    bits: () => known,
  };
}
