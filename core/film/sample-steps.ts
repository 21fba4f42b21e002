/** A rate is one when so many pictures in a row follow each other at it: where recordings overlap, a few come at nearly the same time. */
const IN_A_ROW = 5;

/** Collects how long the samples of a track last, in the order in which they are decoded. */
export type SampleSteps = {
  add(ticks: number): void;
  /**
   * Returns the shortest time within which several samples in a row last, each; infinite where there is none. The last sample of all
   * does not count, because how long it is shown is only the encoder's guess.
   */
  shortest(): number;
  /** Returns how long the first sample lasts; infinite where there is none. */
  first(): number;
  /** Returns how long the last sample lasts; infinite where there is none. */
  last(): number;
};

/** Returns a collection without samples. Samples of 0 ticks or less are left out. */
export function sampleSteps(): SampleSteps {
  const recent: number[] = [];
  let first: number | undefined;
  let last: number | undefined;
  let shortest: number | undefined;
  return {
    add(ticks) {
      if (ticks <= 0) return;
      first ??= ticks;
      if (last !== undefined) {
        recent.push(last);
        if (recent.length > IN_A_ROW) recent.shift();
        if (recent.length === IN_A_ROW) shortest = Math.min(shortest ?? Number.POSITIVE_INFINITY, Math.max(...recent));
      }
      last = ticks;
    },
    shortest: () => shortest ?? (recent.length > 0 ? Math.max(...recent) : Number.POSITIVE_INFINITY),
    first: () => first ?? Number.POSITIVE_INFINITY,
    last: () => last ?? Number.POSITIVE_INFINITY,
  };
}
