/** The score that a CRF gave, on samples or on the whole file. */
export type CrfTrial = { readonly crf: number; readonly score: number };

/** The CRFs among which is searched, all multiples of `step`. */
export type CrfRange = {
  readonly lowest: number;
  readonly highest: number;
  readonly first: number;
  /** On the scale of x265 a quarter of a CRF is worth about 3 % of a file's size. */
  readonly step: number;
};

export type Target = {
  readonly score: number;
  /** The recommended CRFs of x265 by default. */
  readonly range?: CrfRange;
  /** A score from the target up to this much above it is accepted. */
  readonly tolerance: number;
  /** How much a score falls when the CRF rises by 1. The search uses it until it has measured two CRFs. */
  readonly typicalFall: number;
};

const X265_RANGE: CrfRange = { lowest: 23, highest: 28, first: 25, step: 0.25 };

export const rangeOf = ({ range = X265_RANGE }: Pick<Target, 'range'>): CrfRange => range;

/**
 * `met`: the highest CRF that reaches the target was found. `out-of-reach`: the lowest CRF does not reach it.
 * `exceeded`: the highest CRF still gives more than was asked for.
 */
type SearchOutcome = 'met' | 'out-of-reach' | 'exceeded';

export type SearchStep =
  | { readonly do: 'encode'; readonly crf: number }
  | { readonly do: 'accept'; readonly crf: number; readonly score: number; readonly outcome: SearchOutcome };

/** From this many trials on the interval is halved, so that no shape of the curve can prolong the search. */
const INTERPOLATED = 4;

/**
 * Returns the next CRF to try on the samples, or the answer: the highest CRF of the range that reaches the target. Where
 * scores do not fall as the CRF rises, no CRF above one that failed is accepted.
 */
export function nextTrial(trials: readonly CrfTrial[], target: Target): SearchStep {
  const bracket = bracketOf(trials, target.score);
  const { meets, fails } = bracket;
  if (meets?.crf === rangeOf(target).highest) return accept(meets, 'exceeded');
  if (fails?.crf === rangeOf(target).lowest) return accept(fails, 'out-of-reach');
  if (meets && meets.score <= target.score + target.tolerance) return accept(meets, 'met');
  if (meets && fails && fails.crf - meets.crf <= rangeOf(target).step) return accept(meets, 'met');
  return { do: 'encode', crf: within(bracket, guess(trials, bracket, target), rangeOf(target)) };
}

const accept = ({ crf, score }: CrfTrial, outcome: SearchOutcome): SearchStep => ({
  do: 'accept',
  crf,
  score,
  outcome,
});

type Bracket = { readonly meets: CrfTrial | undefined; readonly fails: CrfTrial | undefined };

/** The highest CRF that reaches a score, and the lowest above it that does not. */
export function bracketOf(trials: readonly CrfTrial[], score: number): Bracket {
  const sorted = [...trials].sort((a, b) => a.crf - b.crf);
  const fails = sorted.find((trial) => trial.score < score);
  const meets = sorted.findLast((trial) => trial.score >= score && (!fails || trial.crf < fails.crf));
  return { meets, fails };
}

function guess(trials: readonly CrfTrial[], { meets, fails }: Bracket, target: Target): number {
  const { lowest, highest, first } = rangeOf(target);
  if (trials.length === 0) return first;
  if (trials.length >= INTERPOLATED) return ((meets?.crf ?? lowest) + (fails?.crf ?? highest)) / 2;
  return crfFor(target.score + target.tolerance / 2, trials, target);
}

/** Rounds a CRF down to a step, inside the bracket and not on its measured ends. */
export function within({ meets, fails }: Bracket, crf: number, range: CrfRange): number {
  const { step } = range;
  const lowest = meets ? meets.crf + step : range.lowest;
  const highest = fails ? fails.crf - step : range.highest;
  const stepped = Math.floor(crf / step + 1e-9) * step;
  return Math.min(highest, Math.max(lowest, stepped));
}

/**
 * Returns the CRF at which a line through the two trials nearest to the score reaches it. A single trial gets the
 * typical fall as its slope.
 */
export function crfFor(
  score: number,
  trials: readonly CrfTrial[],
  target: Pick<Target, 'typicalFall' | 'range'>,
): number {
  const nearest = [...trials].sort((a, b) => Math.abs(a.score - score) - Math.abs(b.score - score)).slice(0, 2);
  const [near] = nearest;
  return near ? near.crf + (near.score - score) / fallOver(nearest, target.typicalFall) : rangeOf(target).first;
}

/**
 * Returns the fall of the score for each CRF, from the lowest CRF tried to the highest; the typical fall where that is
 * more than five times off.
 */
export function fallOver(trials: readonly CrfTrial[], typicalFall: number): number {
  const sorted = [...trials].sort((a, b) => a.crf - b.crf);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const fall =
    first && last && last.crf > first.crf ? (first.score - last.score) / (last.crf - first.crf) : typicalFall;
  return fall > typicalFall / 5 && fall < typicalFall * 5 ? fall : typicalFall;
}
