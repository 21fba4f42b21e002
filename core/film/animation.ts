import { type Rational, reduced } from '../units.ts';

/** A picture that moves: GIF, APNG or WebP, as its bytes say. */
export type Animation = {
  readonly kind: 'gif' | 'apng' | 'webp';
  readonly width: number;
  readonly height: number;
  /** How long each of its pictures is shown, in seconds, as the file has it. */
  readonly delays: readonly Rational[];
};

/** When its pictures are shown: all in whole ticks. */
export type AnimationTimes = {
  readonly timeBase: Rational;
  readonly starts: readonly number[];
  /** Where the last picture ends. */
  readonly end: number;
};

export const ANIMATION_NAMES: Readonly<Record<Animation['kind'], string>> = { gif: 'GIF', apng: 'APNG', webp: 'WebP' };

/** Browsers show a picture that asks for 10 ms or less for 100 ms, and so were those made to be seen. */
const SHORTEST: Rational = { num: 1, den: 100 };
const INSTEAD: Rational = { num: 1, den: 10 };

/** No container's clock need be finer; denominators that have no smaller one in common are rounded to it. */
const FINEST = 10_000_000;

/** The times at which browsers show its pictures, once through. */
export function animationTimes(delays: readonly Rational[]): AnimationTimes {
  const shown = delays.map((delay) =>
    delay.num * SHORTEST.den <= delay.den * SHORTEST.num ? INSTEAD : reduced(delay),
  );
  const den = shown.reduce((common, delay) => Math.min(leastCommonMultiple(common, delay.den), FINEST), 1);
  let seconds = 0;
  let ticks = 0;
  const starts: number[] = [];
  const isWhole = shown.every((delay) => den % delay.den === 0);
  for (const delay of shown) {
    starts.push(isWhole ? ticks : Math.round(seconds * den));
    ticks += (delay.num * den) / delay.den;
    seconds += delay.num / delay.den;
  }
  return { timeBase: { num: 1, den }, starts, end: isWhole ? ticks : Math.round(seconds * den) };
}

const leastCommonMultiple = (a: number, b: number): number => a * reduced({ num: b, den: a }).num;
