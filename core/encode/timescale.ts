import { greatestCommonDivisor, type Rational } from '../units.ts';

/** MP4 and MOV count how long a picture is shown in 31 bits, as ffmpeg writes them. */
const LONGEST_TICKS = 2 ** 31 - 1;

/**
 * A picture may be coded as many pictures before it is shown as the encoders put B-frames between two others (8 at their slowest
 * presets), and two more. Where these are 2^28 ticks or more, ffmpeg takes the track for damaged and shows its pictures in
 * the order in which they are coded (`mov_read_ctts`).
 */
const PICTURES_AHEAD = 10;
const MOST_TICKS_AHEAD = 2 ** 28 - 1;

/** Ticks a second that players know, finest first, for films whose own ticks are too fine to be counted. */
const USUAL = [1_000_000, 90_000, 1000] as const;

/**
 * Returns the container's ticks a second. They are the source's own, so that every time has a tick, and at least 1000, as
 * players expect. If the container cannot count the longest pictures in these ticks, they are the coarsest ticks on which all
 * times fall. If those are too fine as well, they are the finest usual ticks that fit, and times are rounded to half a tick.
 */
export function timescaleOf(timeBase: Rational, times: Float64Array, lastSeconds = 0): number {
  const tickSeconds = timeBase.num / timeBase.den;
  const longest = Math.max(longestSpan(times, 1) * tickSeconds, lastSeconds);
  const ahead = longestSpan(times, PICTURES_AHEAD) * tickSeconds;
  const fits = (timescale: number) =>
    timescale * Math.max(longest, 1) <= LONGEST_TICKS && timescale * ahead <= MOST_TICKS_AHEAD;
  const own = atLeastThousand(timeBase.den);
  if (fits(own)) return own;
  const shared = atLeastThousand(sharedBy(timeBase, times));
  return fits(shared) ? shared : (USUAL.find(fits) ?? 1000);
}

function atLeastThousand(ticks: number): number {
  let timescale = ticks;
  while (timescale < 1000) timescale *= 2;
  return timescale;
}

/** The longest time, in ticks, from a picture to the one that comes so many pictures later, or to the last. */
function longestSpan(times: Float64Array, pictures: number): number {
  let longest = 0;
  for (let i = 1; i < times.length; i++) {
    longest = Math.max(longest, (times[i] ?? 0) - (times[Math.max(0, i - pictures)] ?? 0));
  }
  return longest;
}

/** The smallest number of ticks a second at which every time falls on a tick. */
function sharedBy({ num, den }: Rational, times: Float64Array): number {
  let step = den;
  for (const time of times) {
    if (step === 1) break;
    step = greatestCommonDivisor(step, Math.abs(time) % den);
  }
  // all times are whole multiples of `step` ticks, or of a second
  return den / greatestCommonDivisor(den, step * num);
}
