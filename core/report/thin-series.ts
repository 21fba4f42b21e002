/** The score of one frame, and when it is shown. */
export type Score = { readonly seconds: number; readonly score: number };

/** What one column of the plot stands for: neither its best nor its worst frame is lost. */
export type Column = {
  /** Times of its first and last frame. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
};

const GAP_IN_STEPS = 4;

/** Scores in order of time, cut where nothing was measured: samples are not joined as if all had been seen. */
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

/** A stretch in columns of `width` seconds, counted from `origin`; columns without a frame are left out. */
export function columnsOf(stretch: readonly Score[], origin: number, width: number): readonly Column[] {
  const columns = new Map<number, Score[]>();
  for (const each of stretch) {
    const number = Math.floor((each.seconds - origin) / width);
    const column = columns.get(number);
    if (column) column.push(each);
    else columns.set(number, [each]);
  }
  return [...columns.values()].map(columnOf);
}

function columnOf(scores: readonly Score[]): Column {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { score } of scores) {
    min = Math.min(min, score);
    max = Math.max(max, score);
    sum += score;
  }
  const [from, to] = [scores[0]?.seconds ?? 0, scores.at(-1)?.seconds ?? 0];
  return { from, to, count: scores.length, mean: sum / scores.length, min, max };
}

/** The first of the lowest; undefined where there is none. */
export function lowestOf(stretches: readonly (readonly Score[])[]): Score | undefined {
  let lowest: Score | undefined;
  for (const stretch of stretches) {
    for (const each of stretch) if (!lowest || each.score < lowest.score) lowest = each;
  }
  return lowest;
}
