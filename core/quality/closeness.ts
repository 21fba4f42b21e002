import type { Errors } from './score-logs.ts';

/** Mean squared errors, in squares of 8-bit steps. */
export type Closeness = {
  /** Rendition against source, the same frame. */
  readonly same: Errors;
  /** The same, of means over large areas. */
  readonly levels: Errors;
  /** Luma: rendition against the source's frame before, and against the one after. */
  readonly earlier: number;
  readonly later: number;
  /** Luma: each source frame against the one before, and the one after. What moves, and noise. */
  readonly motionBefore: number;
  readonly motionAfter: number;
};

/** Row i compares taken frame i, or, where two frames are concerned, taken frames i and i + 1. */
export type ErrorLogs = Readonly<Record<'same' | 'levels' | 'earlier' | 'later' | 'motion', readonly Errors[]>>;

/** One frame's closeness for every frame that has its neighbours in its window. */
export function closenessIn(
  taken: readonly number[],
  { same, levels, earlier, later, motion }: ErrorLogs,
): readonly Closeness[] {
  return taken.flatMap((frame, i) => {
    const [here, level] = [same[i], levels[i]];
    const [before, after, from, to] = [earlier[i - 1], later[i], motion[i - 1], motion[i]];
    const isInside = taken[i - 1] === frame - 1 && taken[i + 1] === frame + 1;
    if (!isInside || !here || !level || !before || !after || !from || !to) return [];
    return [{ same: here, levels: level, earlier: before.y, later: after.y, motionBefore: from.y, motionAfter: to.y }];
  });
}

/** Undefined where there is none. */
export function meanCloseness(all: readonly Closeness[]): Closeness | undefined {
  if (all.length === 0) return undefined;
  const mean = (value: (one: Closeness) => number) => all.reduce((sum, one) => sum + value(one), 0) / all.length;
  const errors = (of: (one: Closeness) => Errors): Errors => ({
    y: mean((one) => of(one).y),
    u: mean((one) => of(one).u),
    v: mean((one) => of(one).v),
  });
  return {
    same: errors(({ same }) => same),
    levels: errors(({ levels }) => levels),
    earlier: mean(({ earlier }) => earlier),
    later: mean(({ later }) => later),
    motionBefore: mean(({ motionBefore }) => motionBefore),
    motionAfter: mean(({ motionAfter }) => motionAfter),
  };
}
