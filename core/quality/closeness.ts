import type { Errors } from './score-logs.ts';

/** Mean squared errors, in squares of 8-bit steps. */
export type Closeness = {
  /** Rendition against source, the same frame. */
  readonly same: Errors;
  /** Luma: rendition against the source's frame before, and against the one after. */
  readonly earlier: number;
  readonly later: number;
  /** Luma: each source frame against the one before, and the one after. What moves, and noise. */
  readonly motionBefore: number;
  readonly motionAfter: number;
};

/** Row i compares taken frame i, or, where two frames are concerned, taken frames i and i + 1. */
export type ErrorLogs = Readonly<Record<'same' | 'earlier' | 'later' | 'motion', readonly Errors[]>>;

/** One frame's closeness for every frame that has its neighbours in its window. */
export function closenessIn(
  taken: readonly number[],
  { same, earlier, later, motion }: ErrorLogs,
): readonly Closeness[] {
  return taken.flatMap((frame, i) => {
    const [here, before, after, from, to] = [same[i], earlier[i - 1], later[i], motion[i - 1], motion[i]];
    const isInside = taken[i - 1] === frame - 1 && taken[i + 1] === frame + 1;
    if (!isInside || !here || !before || !after || !from || !to) return [];
    return [{ same: here, earlier: before.y, later: after.y, motionBefore: from.y, motionAfter: to.y }];
  });
}

/** Undefined where there is none. */
export function meanCloseness(all: readonly Closeness[]): Closeness | undefined {
  if (all.length === 0) return undefined;
  const mean = (value: (one: Closeness) => number) => all.reduce((sum, one) => sum + value(one), 0) / all.length;
  return {
    same: { y: mean(({ same }) => same.y), u: mean(({ same }) => same.u), v: mean(({ same }) => same.v) },
    earlier: mean(({ earlier }) => earlier),
    later: mean(({ later }) => later),
    motionBefore: mean(({ motionBefore }) => motionBefore),
    motionAfter: mean(({ motionAfter }) => motionAfter),
  };
}
