import type { ResultOf } from '../../core/job/events.ts';
import type { FilmResult } from './film-result.ts';

/** What became of the films of a run so far. */
export type RunTally = {
  /** Films of which something was told, whatever became of them. */
  readonly over: number;
  readonly done: Sizes;
  readonly kept: Sizes;
  /** How many films were unchanged, for each reason. */
  readonly unchanged: ReadonlyMap<string, number>;
  /** How many files were skipped for each reason. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly failed: readonly FailedFilm[];
  /** How many films an interruption left unfinished. */
  readonly stopped: number;
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
  unchanged: new Map(),
  skipped: new Map(),
  failed: [],
  stopped: 0,
  before: 0,
  after: 0,
};

/** Returns the tally with files that were passed over. They count as no films. */
export const withSkipped = (tally: RunTally, files: number, reason: string): RunTally => ({
  ...tally,
  skipped: counted(tally.skipped, files, reason),
});

const counted = (counts: ReadonlyMap<string, number>, files: number, reason: string): ReadonlyMap<string, number> =>
  new Map(counts).set(reason, files + (counts.get(reason) ?? 0));

const whyUnchanged = (resultOf: ResultOf | undefined): string =>
  resultOf ? `results of ${resultOf.recipe ?? 'an earlier run'} already, left as they are` : 'made before';

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
      return { ...tally, over, unchanged: counted(tally.unchanged, 1, whyUnchanged(result.resultOf)) };
    case 'skipped':
      return withSkipped({ ...tally, over }, 1, result.reason);
    case 'failed':
      return { ...tally, over, failed: [...tally.failed, result] };
    case 'stopped':
      return { ...tally, over, stopped: tally.stopped + 1 };
    default:
      return result satisfies never;
  }
}
