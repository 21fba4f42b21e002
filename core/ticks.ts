import type { Rational } from './units.ts';

/** Compares two clocks in whole numbers, because seconds in floating point confuse neighbouring ticks of a fine clock. */
export type Clocks = {
  /** Returns `actual` (in the first clock's ticks) less `wanted` (in the second's), in parts of a tick of the first clock. */
  off(actual: number, wanted: number): number;
  /** The number of parts in a tick of the first clock: 1 if each tick of the second is a whole number of the first's. */
  readonly parts: number;
};

/** Returns the comparison of two clocks, each given by the seconds of its tick. */
export function clocks(actual: Rational, wanted: Rational): Clocks {
  const [top, bottom] = [BigInt(wanted.num) * BigInt(actual.den), BigInt(wanted.den) * BigInt(actual.num)];
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

/** Ticks as whole microseconds, the unit of times in ffmpeg's options and scripts. */
export const microsecondsOf = (ticks: number, { num, den }: Rational): number =>
  rescaled(BigInt(ticks) * BigInt(num) * 1_000_000n, BigInt(den));

function rescaled(top: bigint, bottom: bigint): number {
  const size = top < 0n ? -top : top;
  const rounded = (size + bottom / 2n) / bottom;
  return Number(top < 0n ? -rounded : rounded);
}

function gcd(a: bigint, b: bigint): bigint {
  let [common, rest] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (rest !== 0n) [common, rest] = [rest, common % rest];
  return common;
}
