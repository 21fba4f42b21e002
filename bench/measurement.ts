export type Options = {
  /** Tiny sizes, to try the code: the figures mean nothing. */
  readonly quick: boolean;
  /** A real 1080p clip to use. */
  readonly clip: string | undefined;
};

export type ResultRow = {
  readonly what: string;
  readonly goal?: string;
  readonly found: string;
  /** Undefined where a figure only informs. */
  readonly met?: boolean;
};

/** One table of docs/benchmarks.md. */
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

/** A ratio against its goal: met where it is not above. */
export function ratio(what: string, value: number, goal: number, how = ''): ResultRow {
  return {
    what,
    goal: `at most ${goal.toFixed(2)}`,
    found: `${value.toFixed(3)}${how ? ` (${how})` : ''}`,
    met: value <= goal,
  };
}
