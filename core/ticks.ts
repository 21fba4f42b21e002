import type { Rational } from './units.ts';

/** Two clocks, compared in whole numbers: seconds in floating point take one tick of a fine clock for another. */
export type Clocks = {
  /** By how much `is`, in ticks of the one, differs from `wanted`, in ticks of the other: in parts of the first clock's tick. */
  off(is: number, wanted: number): number;
  /** How many of these parts a tick of the first clock has: 1 where each tick of the other is a whole number of its own. */
  readonly parts: number;
};

export function clocks(is: Rational, wanted: Rational): Clocks {
  const [top, bottom] = [BigInt(wanted.num) * BigInt(is.den), BigInt(wanted.den) * BigInt(is.num)];
  const common = gcd(top, bottom);
  const [factor, parts] = [top / common, bottom / common];
  const [quick, quickParts] = [Number(factor), Number(parts)];
  return {
    parts: quickParts,
    off(one, other) {
      const [a, b] = [one * quickParts, other * quick];
      if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a - b;
      return Number(BigInt(one) * parts - BigInt(other) * factor);
    },
  };
}

/** Whole microseconds as ticks, as ffmpeg rounds them: halves away from 0. */
export const ticksOfMicroseconds = (microseconds: number, { num, den }: Rational): number =>
  rescaled(BigInt(microseconds) * BigInt(den), BigInt(num) * 1_000_000n);

/** Ticks as whole microseconds, the unit in which ffmpeg is told of times. */
export const microsecondsOf = (ticks: number, { num, den }: Rational): number =>
  rescaled(BigInt(ticks) * BigInt(num) * 1_000_000n, BigInt(den));

function rescaled(top: bigint, bottom: bigint): number {
  const size = top < 0n ? -top : top;
  const rounded = (size + bottom / 2n) / bottom;
  return Number(top < 0n ? -rounded : rounded);
}

export function gcd(a: bigint, b: bigint): bigint {
  let [common, rest] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (rest !== 0n) [common, rest] = [rest, common % rest];
  return common;
}
