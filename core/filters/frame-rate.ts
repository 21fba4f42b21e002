import { usualGap } from '../film/frame-gaps.ts';
import type { VideoFacts } from '../film/probe.ts';
import { type Rational, toNumber } from '../units.ts';

const STANDARD: readonly Rational[] = [
  { num: 12, den: 1 },
  { num: 15, den: 1 },
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
  { num: 120, den: 1 },
];

/**
 * The frame rate for the encoder. x265's rate control depends on it, so it must not change when frames are inserted: it
 * is the source's base rate or, where a variable rate makes that a clock tick (57600/1), the standard rate nearest to
 * the median gap between frames.
 */
export function encoderFrameRate(video: VideoFacts, times: Float64Array, tickSeconds: number): Rational {
  const base = video.baseFrameRate;
  if (base && toNumber(base) >= 1 && toNumber(base) <= 240) return base;
  const rate = 1 / (usualGap(times) * tickSeconds || 1 / 25);
  return STANDARD.reduce((best, each) => (distance(each, rate) < distance(best, rate) ? each : best));
}

/** A container that counts nanoseconds tells a rate to this share. */
const ROUNDED = 1e-5;

/** Returns the standard rate of which this one is a rounding; the rate itself where there is none. */
export const unrounded = (rate: Rational): Rational =>
  STANDARD.find((each) => Math.abs(toNumber(each) / toNumber(rate) - 1) < ROUNDED) ?? rate;

const distance = (rate: Rational, to: number) => Math.abs(Math.log(toNumber(rate) / to));
