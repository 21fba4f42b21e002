/** The score of one frame, and the time at which it is shown. */
export type Score = { readonly seconds: number; readonly score: number };

/** One column of the plot. It keeps the best and the worst of its frames, so that neither is lost. */
export type PlotColumn = {
  /** The times of its first and last frame, in seconds. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
};

const GAP_IN_STEPS = 4;

/**
 * Returns the scores in order of time, split where nothing was measured, so that separate samples are not joined into
 * one curve.
 */
export function stretchesOf(series: readonly Score[]): readonly (readonly Score[])[] {
  const known = series.filter(({ seconds, score }) => Number.isFinite(seconds) && Number.isFinite(score));
  const sorted = known.sort((a, b) => a.seconds - b.seconds);
  const steps = sorted.slice(1).map(({ seconds }, i) => seconds - (sorted[i]?.seconds ?? seconds));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const stretches: Score[][] = [];
  sorted.forEach((each, i) => {
    const isApart = i === 0 || (steps[i - 1] ?? 0) > GAP_IN_STEPS * usual;
    if (isApart) stretches.push([each]);
    else stretches.at(-1)?.push(each);
  });
  return stretches;
}

/** Returns a stretch as columns of `width` seconds, counted from `origin`. Columns without a frame are left out. */
export function columnsOf(stretch: readonly Score[], origin: number, width: number): readonly PlotColumn[] {
  const columns = new Map<number, Score[]>();
  for (const each of stretch) {
    const number = Math.floor((each.seconds - origin) / width);
    const column = columns.get(number);
    if (column) column.push(each);
    else columns.set(number, [each]);
  }
  return [...columns.values()].map(columnOf);
}

function columnOf(scores: readonly Score[]): PlotColumn {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { score } of scores) {
    min = Math.min(min, score);
    max = Math.max(max, score);
    sum += score;
  }
  const [from, to] = [scores[0]?.seconds ?? 0, scores.at(-1)?.seconds ?? 0];
  return { from, to, count: scores.length, mean: sum / scores.length, min, max };
}

/** Returns the first of the lowest scores, or undefined if there are no scores. */
export function lowestOf(stretches: readonly (readonly Score[])[]): Score | undefined {
  let lowest: Score | undefined;
  for (const stretch of stretches) {
    for (const each of stretch) if (!lowest || each.score < lowest.score) lowest = each;
  }
  return lowest;
}
