import { USUAL_RANGE } from '../settings/crf-scale.ts';
import { type CrfCurve, type CrfTrial, crfFor, scoreAt } from './crf-curve.ts';

/** The CRFs among which is searched, all multiples of `step`: every one that may be asked for. */
export type CrfRange = {
  readonly lowest: number;
  readonly highest: number;
  readonly first: number;
  /** How many CRFs the recommended ones cover, by which the distance is counted over which a trial is believed. */
  readonly span: number;
  /** On the scale of x265 a quarter of a CRF is worth about 3 % of a file's size. */
  readonly step: number;
};

export type Target = CrfCurve & {
  readonly score: number;
  /** The CRFs of x265 by default. */
  readonly range?: CrfRange;
  /** A score of a sample from the target up to this much above it is accepted. */
  readonly tolerance: number;
};

const X265_RANGE: CrfRange = { lowest: USUAL_RANGE[0], highest: USUAL_RANGE[1], first: 25, span: 5, step: 0.25 };

/** Returns within which CRFs a target is sought; those of x265 where the target names none. */
export const rangeOf = ({ range = X265_RANGE }: Pick<Target, 'range'>): CrfRange => range;

/**
 * `met`: a CRF that reaches the target was found. `out-of-reach`: the lowest CRF does not reach it. `exceeded`: the
 * highest CRF still gives more than was asked for.
 */
type SearchOutcome = 'met' | 'out-of-reach' | 'exceeded';

export type SearchStep =
  | { readonly do: 'encode'; readonly crf: number }
  | { readonly do: 'accept'; readonly crf: number; readonly score: number; readonly outcome: SearchOutcome };

/**
 * How far from a trial its curve is believed, as a share of the recommended CRFs: the further the more another trial costs, since clips
 * fall half as fast as the typical one and half as fast again.
 */
const BELIEVED = { least: 0.1, most: 0.3 };

/** The most trials. A curve that four of them do not tell is told by whole films, which are measured anyway. */
const MOST_TRIALS = 4;

/** How much further two trials are believed, which know how their clip falls. */
const BY_TWO = 2;

/**
 * Returns the next CRF to try on the samples, or the answer: the CRF at which the trials say that the target is reached,
 * with the score that they predict. The whole film is measured afterwards, so that a trial which only confirmed the
 * prediction would cost more than it tells. A trial takes `share` of the film. No CRF at or above one that failed is accepted.
 */
export function nextTrial(trials: readonly CrfTrial[], target: Target, share: number): SearchStep {
  const range = rangeOf(target);
  if (trials.length === 0) return { do: 'encode', crf: range.first };
  const bracket = bracketOf(trials, target.score);
  const { meets, fails } = bracket;
  if (fails?.crf === range.lowest) return accept(fails, 'out-of-reach');
  if (meets && meets.score <= target.score + target.tolerance) return accept(meets, 'met');
  const crf = bestCrf(trials, bracket, target);
  const score = scoreAt(crf, trials, target);
  const believed = Math.min(BELIEVED.most, Math.max(BELIEVED.least, 2 * share)) * (trials.length > 1 ? BY_TWO : 1);
  const isNear = trials.some((trial) => Math.abs(trial.crf - crf) <= believed * range.span);
  return isNear || trials.length >= MOST_TRIALS
    ? accept({ crf, score }, outcomeOf({ crf, score }, target))
    : { do: 'encode', crf };
}

const accept = ({ crf, score }: CrfTrial, outcome: SearchOutcome): SearchStep => ({
  do: 'accept',
  crf,
  score,
  outcome,
});

function outcomeOf({ crf, score }: CrfTrial, target: Target): SearchOutcome {
  if (score < target.score) return 'out-of-reach';
  return crf === rangeOf(target).highest && score > target.score + target.tolerance ? 'exceeded' : 'met';
}

type Bracket = { readonly meets: CrfTrial | undefined; readonly fails: CrfTrial | undefined };

/** The highest CRF that reaches a score, and the lowest above it that does not. */
export function bracketOf(trials: readonly CrfTrial[], score: number): Bracket {
  const sorted = [...trials].sort((a, b) => a.crf - b.crf);
  const fails = sorted.find((trial) => trial.score < score);
  const meets = sorted.findLast((trial) => trial.score >= score && (!fails || trial.crf < fails.crf));
  return { meets, fails };
}

/** The score that is aimed at lies this many tolerances above the target: in the middle of what is accepted of a whole film. */
const AIM = 2 / 3;

/**
 * Returns the CRF of the range whose predicted score is the nearest to the middle of what is accepted and not below the
 * target: one that reached the target, or one between that and the lowest that failed.
 */
export function bestCrf(trials: readonly CrfTrial[], { meets, fails }: Bracket, target: Target): number {
  const { lowest, highest, step } = rangeOf(target);
  const nearest = step * Math.round(crfFor(target.score + AIM * target.tolerance, trials, target) / step);
  const wanted = scoreAt(nearest, trials, target) < target.score ? nearest - step : nearest;
  return Math.max(meets?.crf ?? lowest, Math.min(fails ? fails.crf - step : highest, wanted));
}
