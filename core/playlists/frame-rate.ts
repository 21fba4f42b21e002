import type { FragmentedTrack } from '../film/fragments.ts';
import { formatRational, type Rational, reduced } from '../units.ts';

/**
 * A film of constant frame rate may have a coarse clock: frames that are 33 and 34 ms apart are 30 frames a second.
 * Rates within this factor of the mean are taken as constant.
 */
const STEADY = 1.1;

const USUAL = [24_000 / 1001, 24, 25, 30_000 / 1001, 30, 48, 50, 60_000 / 1001, 60, 90, 100, 120_000 / 1001, 120];

/** A clock is fine enough to tell one rate from another where a frame has so many ticks. */
const FINE_TICKS = 100;

/** Times are whole ticks, so that the difference of two may be this much off. */
const ROUNDING_TICKS = 1 + 1e-6;

/**
 * Returns the mean frame rate, or, where the rate varies, the highest that several pictures in a row have. A clock may be coarse and a film short, so
 * that several rates are possible: it is the rate that the encoder was told if that is one of them, or else the nearest
 * usual rate. How long the first and the last picture are shown does not count: the first may be shown early, and the last may stay.
 */
export function highestRate(track: FragmentedTrack, frames: number, told?: number): number {
  const { shortestStepSeconds: shortest, timescale } = track;
  const seconds = secondsBetween(track, frames);
  const steps = frames > 2 ? frames - 2 : frames - 1;
  if (frames < 2 || !(seconds > 0)) return told ?? frames / (lengthOf(track) || 1);
  const mean = steps / seconds;
  const isSteady = !Number.isFinite(shortest) || 1 / shortest <= mean * STEADY;
  const off = isSteady
    ? (rate: number) => Math.abs(steps / rate - seconds) * timescale
    : (rate: number) => Math.abs(1 / rate - shortest) * timescale;
  if (told !== undefined && off(told) <= ROUNDING_TICKS) return told;
  // pictures that cannot be decoded leave a gap, as after the first picture of a recording that begins midway; the others have the rate
  const hasTold = told !== undefined && Math.abs(1 / told - shortest) * timescale <= ROUNDING_TICKS;
  if (hasTold && shortest * timescale >= FINE_TICKS) return told;
  const nearest = USUAL.reduce((best, rate) => (off(rate) < off(best) ? rate : best));
  if (off(nearest) <= ROUNDING_TICKS) return nearest;
  return isSteady ? mean : 1 / shortest;
}

/** The time from the second picture to the last, or from the first of two, in the order in which they are decoded. */
function secondsBetween({ fragments, firstSampleSeconds, lastSampleSeconds }: FragmentedTrack, frames: number): number {
  const [first, last] = [fragments.at(0), fragments.at(-1)];
  if (!first || !last) return 0;
  const begins = first.startSeconds + (frames > 2 ? firstSampleSeconds : 0);
  return last.startSeconds + last.durationSeconds - lastSampleSeconds - begins;
}

const lengthOf = ({ fragments }: FragmentedTrack) => fragments.reduce((sum, each) => sum + each.durationSeconds, 0);

/** Two numbers of frames a second that differ by less than this share are one rate, calculated in two ways. */
const SAME_RATE = 1e-9;

/**
 * Returns a rate as DASH writes it (ISO/IEC 23009-1, FrameRateType): a whole number of frames a second, or a ratio. Rates of NTSC are
 * multiples of 1000/1001, which thousandths would round; any other rate is written in thousandths.
 */
export function rateText(framesPerSecond: number): string {
  const ntsc: Rational = { num: Math.round((framesPerSecond * 1001) / 1000) * 1000, den: 1001 };
  const isNtsc = Math.abs(ntsc.num / ntsc.den / framesPerSecond - 1) < SAME_RATE;
  const rate = reduced(isNtsc ? ntsc : { num: Math.max(1, Math.round(framesPerSecond * 1000)), den: 1000 });
  return rate.den === 1 ? `${rate.num}` : formatRational(rate);
}
