import { type CrfTrial, fallNear } from './crf-curve.ts';
import { bestCrf, bracketOf, rangeOf, type Target } from './crf-search.ts';

/** How a search by whole files ended. `closest`: no round reached the target, or none came down to it. */
export type CorrectionOutcome = 'met' | 'out-of-reach' | 'exceeded' | 'closest';

type Correction =
  | { readonly do: 'encode'; readonly crf: number }
  | { readonly do: 'accept'; readonly crf: number; readonly score: number; readonly outcome: CorrectionOutcome };

/** The most whole files that are encoded for one target, with the first. */
const MOST_ROUNDS = 3;
/** A score more than this many tolerances above the target, half a VMAF, is not what was asked for. */
const TOO_GOOD = 5 / 3;
/** A score this many tolerances below the target still counts as reached: after rounding it does not show. */
const SHORT = 1 / 3;

/**
 * Decides after the whole file was measured, not just samples: accept it, or encode at another CRF. `rounds` are the
 * whole files so far, in order; `trials` are the samples of the search. The answer may name the CRF of an earlier
 * round, whose pieces are in the cache; once measured again, that round is accepted. Throws if `rounds` is empty.
 */
export function correct(rounds: readonly CrfTrial[], trials: readonly CrfTrial[], target: Target): Correction {
  const last = rounds.at(-1);
  if (!last) throw new Error('nothing was encoded that could be corrected');
  const bracket = bracketOf(rounds, target.score - SHORT * target.tolerance);
  const next = nextRound(rounds, trials, target);
  if (next !== undefined) return { do: 'encode', crf: next };
  const best = bracket.meets ?? rounds.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.crf !== last.crf) return { do: 'encode', crf: best.crf };
  return {
    do: 'accept',
    crf: best.crf,
    score: best.score,
    outcome: outcomeOf(best, bracket.meets !== undefined, target),
  };
}

/** Returns the CRF of the next whole file, or undefined if no further file is worth its encode. */
function nextRound(rounds: readonly CrfTrial[], trials: readonly CrfTrial[], target: Target): number | undefined {
  const bracket = bracketOf(rounds, target.score - SHORT * target.tolerance);
  const { meets, fails } = bracket;
  const files = rounds.filter(({ crf }, i) => rounds.findIndex((round) => round.crf === crf) === i);
  const isOver = files.length >= MOST_ROUNDS;
  const isGood = meets !== undefined && (meets.crf === rangeOf(target).highest || !isTooGood(meets, target));
  const isHopeless = fails?.crf === rangeOf(target).lowest;
  if (isOver || isGood || isHopeless) return undefined;
  // samples give the slope of the curve, whole files its height
  const crf = bestCrf(files, bracket, { ...target, typicalFall: fallNear(target.score, trials, target) });
  return files.some((file) => file.crf === crf) ? undefined : crf;
}

const isTooGood = ({ score }: CrfTrial, target: Target) => score > target.score + TOO_GOOD * target.tolerance;

function outcomeOf({ crf, score }: CrfTrial, isMet: boolean, target: Target): CorrectionOutcome {
  if (!isMet) return crf === rangeOf(target).lowest ? 'out-of-reach' : 'closest';
  if (crf === rangeOf(target).highest && score > target.score + target.tolerance) return 'exceeded';
  return isTooGood({ crf, score }, target) ? 'closest' : 'met';
}
