import { bracketOf, crfFor, fallOver, HIGHEST_CRF, LOWEST_CRF, type Target, type Trial, within } from './crf-search.ts';

/** `closest`: the rounds are over, and none reached the target. */
export type Outcome = 'met' | 'out-of-reach' | 'exceeded' | 'closest';

export type Correction =
  | { readonly do: 'encode'; readonly crf: number }
  | { readonly do: 'accept'; readonly crf: number; readonly score: number; readonly outcome: Outcome };

/** Whole files encoded for one target, the first included. */
const MOST_ROUNDS = 3;
/** So far above the target, in tolerances, a smaller file is worth another encode. */
const TOO_GOOD = 4;
/** So far below it, in tolerances, is still the target: rounded, it does not show. */
const SHORT = 1 / 3;

/**
 * What to do now that the whole file was measured, and not just samples: accept it, or encode at another CRF. `rounds`
 * are the whole files so far, in order; `trials` the samples of the search. It may ask for the CRF of an earlier round
 * again, whose pieces are there; measured again, that one is accepted.
 */
export function correct(rounds: readonly Trial[], trials: readonly Trial[], target: Target): Correction {
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

/** Undefined where another whole file is not worth it, or there is none to be tried. */
function nextRound(rounds: readonly Trial[], trials: readonly Trial[], target: Target): number | undefined {
  const bracket = bracketOf(rounds, target.score - SHORT * target.tolerance);
  const { meets, fails } = bracket;
  const isOver = new Set(rounds.map(({ crf }) => crf)).size >= MOST_ROUNDS;
  const isGood = meets !== undefined && (meets.crf === HIGHEST_CRF || !isTooGood(meets, target));
  const isHopeless = fails?.crf === LOWEST_CRF;
  if (isOver || isGood || isHopeless) return undefined;
  const typicalFall = fallOver(trials, target.typicalFall); // samples know the slope, whole files the height
  const crf = within(bracket, crfFor(target.score + target.tolerance / 2, rounds, { typicalFall }));
  return rounds.some((round) => round.crf === crf) ? undefined : crf;
}

const isTooGood = ({ score }: Trial, target: Target) => score > target.score + TOO_GOOD * target.tolerance;

function outcomeOf({ crf, score }: Trial, isMet: boolean, target: Target): Outcome {
  if (!isMet) return crf === LOWEST_CRF ? 'out-of-reach' : 'closest';
  return crf === HIGHEST_CRF && score > target.score + target.tolerance ? 'exceeded' : 'met';
}
