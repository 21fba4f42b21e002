import type { Rational } from '../units.ts';

/** MP4 and MOV count how long a picture is shown in 31 bits, as ffmpeg writes them. */
const LONGEST_TICKS = 2 ** 31 - 1;

/** Clocks that players know, for films whose own is too fine to be counted. */
const USUAL = [1_000_000, 90_000, 1000] as const;

/**
 * The container's ticks a second: the source's own, so that every time has a tick; at least 1000, as players expect. Where a
 * picture is shown for longer than the container can count in those, the coarsest ticks that all times have; and where that
 * is not enough, the finest usual ones, to half a tick of which times are then rounded.
 */
export function timescaleOf(timeBase: Rational, times: Float64Array, lastSeconds = 0): number {
  const longest = Math.max(longestGap(times) * (timeBase.num / timeBase.den), lastSeconds);
  const fits = (timescale: number) => timescale * longest <= LONGEST_TICKS && timescale <= LONGEST_TICKS;
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

function longestGap(times: Float64Array): number {
  let longest = 0;
  for (let i = 1; i < times.length; i++) longest = Math.max(longest, (times[i] ?? 0) - (times[i - 1] ?? 0));
  return longest;
}

/** The fewest ticks a second that all times fall on. */
function sharedBy({ num, den }: Rational, times: Float64Array): number {
  let step = den;
  for (const time of times) {
    if (step === 1) break;
    step = common(step, Math.abs(time) % den);
  }
  // all times are whole multiples of `step` ticks, or of a second
  return den / common(den, step * num);
}

function common(a: number, b: number): number {
  let [found, rest] = [a, b];
  while (rest !== 0) [found, rest] = [rest, found % rest];
  return found;
}
