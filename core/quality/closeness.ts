import type { PlaneErrors } from './score-logs.ts';

/**
 * How far a rendition is from its source: mean squared errors, in squares of 8-bit steps, of one frame or as a mean of
 * several.
 */
export type Closeness = {
  /** The rendition against the same frame of the source. */
  readonly same: PlaneErrors;
  /** The means over large areas of the rendition against those of the same frame of the source. */
  readonly levels: PlaneErrors;
  /**
   * Luma of the rendition against the frame before in the source (`earlier`), and against the frame after (`later`).
   */
  readonly earlier: number;
  readonly later: number;
  /** Luma of the source frame against the frame before and the frame after: motion, and noise. */
  readonly motionBefore: number;
  readonly motionAfter: number;
};

/**
 * What the comparing filters wrote. Row i is about frame `taken[i]`, or, in `earlier`, `later` and `motion`, about
 * `taken[i]` and `taken[i + 1]`.
 */
type ErrorLogs = Readonly<Record<'same' | 'levels' | 'earlier' | 'later' | 'motion', readonly PlaneErrors[]>>;

/** Returns the closeness of each frame whose two neighbours were compared, too, and none of which is left out. */
export function closenessIn(
  taken: readonly number[],
  { same, levels, earlier, later, motion }: ErrorLogs,
  leftOut: ReadonlySet<number> = new Set(),
): readonly Closeness[] {
  return taken.flatMap((frame, i) => {
    if ([frame - 1, frame, frame + 1].some((each) => leftOut.has(each))) return [];
    const [here, level] = [same[i], levels[i]];
    const [before, after, from, to] = [earlier[i - 1], later[i], motion[i - 1], motion[i]];
    const isInside = taken[i - 1] === frame - 1 && taken[i + 1] === frame + 1;
    if (!isInside || !here || !level || !before || !after || !from || !to) return [];
    return [{ same: here, levels: level, earlier: before.y, later: after.y, motionBefore: from.y, motionAfter: to.y }];
  });
}

/** Returns the means over all frames, or undefined for an empty list. */
export function meanCloseness(all: readonly Closeness[]): Closeness | undefined {
  if (all.length === 0) return undefined;
  const mean = (value: (one: Closeness) => number) => all.reduce((sum, one) => sum + value(one), 0) / all.length;
  const errors = (of: (one: Closeness) => PlaneErrors): PlaneErrors => ({
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
