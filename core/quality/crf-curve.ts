/** The score that a CRF gave, on samples or on the whole file. */
export type CrfTrial = { readonly crf: number; readonly score: number };

/** How the score of a metric falls as the CRF rises. */
export type CrfCurve = {
  /**
   * How much a score falls when the CRF rises by 1, until two CRFs were measured. Where the score nears 100, the share by
   * which what is missing of 100 grows, as a natural logarithm.
   */
  readonly typicalFall: number;
  /** Whether what is missing of 100 grows by the same share with each CRF, as VMAF's does, rather than by the same amount. */
  readonly nears100?: true;
};

/** Beyond 99.95 a score says no more of the next CRF. */
const LEAST_MISSING = 0.05;

/** Returns a score on a scale on which it falls evenly. */
const even = (score: number, { nears100 }: CrfCurve): number =>
  nears100 ? -Math.log(Math.max(LEAST_MISSING, 100 - score)) : score;

const scoreOf = (value: number, { nears100 }: CrfCurve): number => (nears100 ? 100 - Math.exp(-value) : value);

/**
 * Returns the CRF at which a curve through two trials reaches a score: the nearest ones on both sides of it, or the two nearest where
 * all lie on one side. A single trial gets the typical fall. Throws if nothing was tried.
 */
export function crfFor(score: number, trials: readonly CrfTrial[], curve: CrfCurve): number {
  const two = around(trials, (trial) => trial.score - score);
  const near = firstOf(two);
  return near.crf + (even(near.score, curve) - even(score, curve)) / fallOver(two, curve);
}

/** Returns the score that the trials predict for a CRF. Throws if nothing was tried. */
export function scoreAt(crf: number, trials: readonly CrfTrial[], curve: CrfCurve): number {
  const two = around(trials, (trial) => trial.crf - crf);
  const near = firstOf(two);
  if (near.crf === crf) return near.score;
  return scoreOf(even(near.score, curve) - (crf - near.crf) * fallOver(two, curve), curve);
}

/** Returns how fast the score falls near a score, by the trials on both sides of it or the two nearest. */
export const fallNear = (score: number, trials: readonly CrfTrial[], curve: CrfCurve): number =>
  fallOver(
    around(trials, (trial) => trial.score - score),
    curve,
  );

/** Returns the nearest trial on each side of what is asked for, or the two nearest where all lie on one side; the nearest one first. */
function around(trials: readonly CrfTrial[], distance: (trial: CrfTrial) => number): readonly CrfTrial[] {
  const nearest = sortedBy(trials, (trial) => Math.abs(distance(trial)));
  const [first] = nearest;
  const beyond = first && nearest.find((trial) => distance(trial) < 0 !== distance(first) < 0);
  return first && beyond ? [first, beyond] : nearest.slice(0, 2);
}

/**
 * Returns the fall for each CRF, from the lowest CRF tried to the highest, in the units of the curve's own; the typical fall
 * where that is more than five times off.
 */
function fallOver(trials: readonly CrfTrial[], curve: CrfCurve): number {
  const sorted = sortedBy(trials, ({ crf }) => crf);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const { typicalFall } = curve;
  if (!first || !last || last.crf === first.crf) return typicalFall;
  const fall = (even(first.score, curve) - even(last.score, curve)) / (last.crf - first.crf);
  return fall > typicalFall / 5 && fall < typicalFall * 5 ? fall : typicalFall;
}

const sortedBy = (trials: readonly CrfTrial[], value: (trial: CrfTrial) => number) =>
  [...trials].sort((a, b) => value(a) - value(b));

function firstOf([first]: readonly CrfTrial[]): CrfTrial {
  if (!first) throw new Error('nothing was tried that could predict a score');
  return first;
}
