export type Options = {
  /** Uses tiny sizes to try the code. The figures then mean nothing. */
  readonly quick: boolean;
  /** A real 1080p clip to use: the first that was given. */
  readonly clip: string | undefined;
  /** All clips that were given. */
  readonly given: readonly string[];
  /** How many clips are made of many; undefined for as many as the measurement is about. */
  readonly clips: number | undefined;
};

/** One row of a measurement's table. */
export type ResultRow = {
  readonly what: string;
  readonly goal?: string;
  readonly found: string;
  /** Whether the goal is met. Undefined for a figure without a goal. */
  readonly met?: boolean;
};

/** One measurement, which fills one table of docs/benchmarks.md. */
export type Measurement = {
  readonly name: string;
  /** What is measured and how, in a sentence or two. */
  readonly about: string;
  measure(options: Options): Promise<readonly ResultRow[]>;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

/** Returns the row of a ratio, which meets its goal if it is not above it. */
export function ratio(what: string, value: number, goal: number, how = ''): ResultRow {
  return {
    what,
    goal: `at most ${goal.toFixed(2)}`,
    found: `${value.toFixed(3)}${how ? ` (${how})` : ''}`,
    met: value <= goal,
  };
}
