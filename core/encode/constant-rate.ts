import { unrounded } from '../filters/frame-rate.ts';
import { steadyRate } from '../segments/every-second.ts';
import { parseRational, type Rational, toNumber } from '../units.ts';

type RatedFilm = {
  /** The times of its pictures, in ticks of the source. */
  readonly times: Float64Array;
  readonly tickSeconds: number;
  /** The encoder's rate, and the film's change of speed. */
  readonly spec: { readonly frameRate: string; readonly timeFactor?: Rational | undefined };
};

/** The times of a short film in a coarse clock tell its rate no better than to this share. */
const SAME_RATE = 0.01;

/** Returns how many pictures a second a film has whose pictures follow each other evenly; undefined where that varies. */
export function constantRate({ times, tickSeconds, spec: { frameRate, timeFactor } }: RatedFilm): Rational | undefined {
  const steady = steadyRate(times, tickSeconds);
  const rate = parseRational(frameRate);
  if (steady === undefined || !rate) return undefined;
  const played = steady / (timeFactor ? toNumber(timeFactor) : 1);
  return Math.abs(toNumber(rate) / played - 1) < SAME_RATE ? unrounded(rate) : undefined;
}
