import type { FilmResult } from './film-result.ts';

/** What became of the films of a run so far. */
export type RunTally = {
  /** Films that are over, whatever became of them. */
  readonly over: number;
  readonly done: Sizes;
  readonly kept: Sizes;
  readonly unchanged: number;
  /** How many files were skipped for each reason. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly failed: readonly FailedFilm[];
  /** The bytes of the films that were worked on, and of their results. */
  readonly before: number;
  readonly after: number;
};

export type Sizes = {
  readonly films: number;
  readonly before: number;
  readonly after: number;
  /** Whether some results are rungs that are streamed, so that a saving would mean nothing. */
  readonly hasSet: boolean;
};
type FailedFilm = Extract<FilmResult, { fate: 'failed' | 'skipped' }>;

const NONE: Sizes = { films: 0, before: 0, after: 0, hasSet: false };

export const EMPTY_TALLY: RunTally = {
  over: 0,
  done: NONE,
  kept: NONE,
  unchanged: 0,
  skipped: new Map(),
  failed: [],
  before: 0,
  after: 0,
};

/** Returns the tally with files that were passed over. They count as no films. */
export const withSkipped = (tally: RunTally, files: number, reason: string): RunTally => ({
  ...tally,
  skipped: new Map(tally.skipped).set(reason, files + (tally.skipped.get(reason) ?? 0)),
});

/** Returns the tally with one more film. */
export function withResult(tally: RunTally, result: FilmResult): RunTally {
  const over = tally.over + 1;
  switch (result.fate) {
    case 'done':
    case 'kept': {
      const { before, after } = result;
      const sizes = tally[result.fate];
      const more = {
        films: sizes.films + 1,
        before: sizes.before + before,
        after: sizes.after + after,
        hasSet: sizes.hasSet || result.isSet === true,
      };
      return { ...tally, over, [result.fate]: more, before: tally.before + before, after: tally.after + after };
    }
    case 'unchanged':
      return { ...tally, over, unchanged: tally.unchanged + 1 };
    case 'skipped':
      return withSkipped({ ...tally, over }, 1, result.reason);
    case 'failed':
      return { ...tally, over, failed: [...tally.failed, result] };
    default:
      return result satisfies never;
  }
}
