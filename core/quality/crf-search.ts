/** What a CRF gave, on samples or on the whole file. */
export type Trial = { readonly crf: number; readonly score: number };

export type Target = {
  readonly score: number;
  /** As near above the target as this is near enough. */
  readonly tolerance: number;
  /** By how much a score falls when the CRF rises by 1: where a search begins to look, before it knows better. */
  readonly typicalFall: number;
};

/**
 * `met`: the highest CRF that reaches the target. `out-of-reach`: even the lowest does not. `exceeded`: even the highest
 * gives more than was asked for.
 */
export type Reach = 'met' | 'out-of-reach' | 'exceeded';

export type SearchStep =
  | { readonly do: 'encode'; readonly crf: number }
  | { readonly do: 'accept'; readonly crf: number; readonly score: number; readonly reach: Reach };

export const LOWEST_CRF = 23;
export const HIGHEST_CRF = 28;
const FIRST_CRF = 25;
/** A quarter of a CRF is worth about 3 % of a file's size. */
const STEP = 0.25;
/** From here on intervals are halved: no curve can then hold the search up. */
const INTERPOLATED = 4;

/**
 * The next CRF to try on the samples, or the answer: the highest in 23-28 that reaches the target. Scores that do not
 * fall with the CRF are taken at their worst: no CRF above one that failed is believed.
 */
export function nextTrial(trials: readonly Trial[], target: Target): SearchStep {
  const bracket = bracketOf(trials, target.score);
  const { meets, fails } = bracket;
  if (meets?.crf === HIGHEST_CRF) return accept(meets, 'exceeded');
  if (fails?.crf === LOWEST_CRF) return accept(fails, 'out-of-reach');
  if (meets && meets.score <= target.score + target.tolerance) return accept(meets, 'met');
  if (meets && fails && fails.crf - meets.crf <= STEP) return accept(meets, 'met');
  return { do: 'encode', crf: within(bracket, guess(trials, bracket, target)) };
}

const accept = ({ crf, score }: Trial, reach: Reach): SearchStep => ({ do: 'accept', crf, score, reach });

export type Bracket = { readonly meets: Trial | undefined; readonly fails: Trial | undefined };

/** The highest CRF that reaches a score, and the lowest above it that does not. */
export function bracketOf(trials: readonly Trial[], score: number): Bracket {
  const sorted = [...trials].sort((a, b) => a.crf - b.crf);
  const fails = sorted.find((trial) => trial.score < score);
  const meets = sorted.findLast((trial) => trial.score >= score && (!fails || trial.crf < fails.crf));
  return { meets, fails };
}

function guess(trials: readonly Trial[], { meets, fails }: Bracket, target: Target): number {
  if (trials.length === 0) return FIRST_CRF;
  if (trials.length >= INTERPOLATED) return ((meets?.crf ?? LOWEST_CRF) + (fails?.crf ?? HIGHEST_CRF)) / 2;
  return crfFor(target.score + target.tolerance / 2, trials, target);
}

/** Down to the next step, inside the bracket and off its measured ends. */
export function within({ meets, fails }: Bracket, crf: number): number {
  const lowest = meets ? meets.crf + STEP : LOWEST_CRF;
  const highest = fails ? fails.crf - STEP : HIGHEST_CRF;
  const stepped = Math.floor(crf / STEP + 1e-9) * STEP;
  return Math.min(highest, Math.max(lowest, stepped));
}

/** Where a line through the two trials nearest to a score reaches it; through a single one, at the typical fall. */
export function crfFor(score: number, trials: readonly Trial[], { typicalFall }: Pick<Target, 'typicalFall'>): number {
  const nearest = [...trials].sort((a, b) => Math.abs(a.score - score) - Math.abs(b.score - score)).slice(0, 2);
  const [near] = nearest;
  return near ? near.crf + (near.score - score) / fallOver(nearest, typicalFall) : FIRST_CRF;
}

/** How fast the score falls from the lowest CRF tried to the highest; the typical fall where they tell nothing credible. */
export function fallOver(trials: readonly Trial[], typicalFall: number): number {
  const sorted = [...trials].sort((a, b) => a.crf - b.crf);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const fall =
    first && last && last.crf > first.crf ? (first.score - last.score) / (last.crf - first.crf) : typicalFall;
  return fall > typicalFall / 5 && fall < typicalFall * 5 ? fall : typicalFall;
}
