/** One encode of a clip: its size, and how good it is by some measure that grows with quality. */
export type RatePoint = { readonly bytes: number; readonly quality: number };

/**
 * How many more bytes one encoder takes than another for the same quality, as a share (0.1: a tenth more; below 0: fewer), on
 * average over the qualities that both reach. After Bjøntegaard (ITU-T VCEG-M33), with straight lines between the points of
 * log(bytes) over quality in place of its cubic, which swings where points lie far apart. NaN where the two have no quality in
 * common. Points need no order; those that are no better than a smaller one are left out.
 */
export function bdRate(reference: readonly RatePoint[], other: readonly RatePoint[]): number {
  const [a, b] = [rising(reference), rising(other)];
  const from = Math.max(a[0]?.quality ?? Number.NaN, b[0]?.quality ?? Number.NaN);
  const to = Math.min(a.at(-1)?.quality ?? Number.NaN, b.at(-1)?.quality ?? Number.NaN);
  if (!(to > from)) return Number.NaN;
  const knots = [...a, ...b].map(({ quality }) => quality).filter((quality) => quality > from && quality < to);
  const at = [from, ...knots.toSorted((x, y) => x - y), to];
  let sum = 0;
  for (let i = 1; i < at.length; i++) {
    const [low = 0, high = 0] = [at[i - 1], at[i]];
    const difference = (quality: number) => logBytes(b, quality) - logBytes(a, quality);
    sum += ((difference(low) + difference(high)) / 2) * (high - low);
  }
  return Math.exp(sum / (to - from)) - 1;
}

/** The points from the smallest on, each better than all smaller ones. */
function rising(points: readonly RatePoint[]): readonly RatePoint[] {
  const kept: RatePoint[] = [];
  for (const point of points.toSorted((x, y) => x.bytes - y.bytes))
    if (point.quality > (kept.at(-1)?.quality ?? Number.NEGATIVE_INFINITY)) kept.push(point);
  return kept;
}

function logBytes(points: readonly RatePoint[], quality: number): number {
  const after = Math.max(
    1,
    points.findIndex((point) => point.quality >= quality),
  );
  const [low, high] = [points[after - 1], points[after]];
  if (!low || !high) return Number.NaN;
  const share = (quality - low.quality) / (high.quality - low.quality);
  return Math.log(low.bytes) + share * (Math.log(high.bytes) - Math.log(low.bytes));
}
