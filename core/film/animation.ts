import type { ByteRange } from '../bytes/byte-ranges.ts';
import { type Rational, reduced } from '../units.ts';

/** An animated picture (GIF, APNG or WebP), read from its bytes. */
export type Animation = {
  readonly kind: 'gif' | 'apng' | 'webp';
  readonly width: number;
  readonly height: number;
  /** How long the file says that each of its pictures is shown, in seconds. */
  readonly delays: readonly Rational[];
  readonly notes: AnimationNotes;
  /** The parts of the file that hold its pictures, where ffmpeg does not read all of it. */
  readonly pictures?: readonly ByteRange[];
};

/** What an animation holds besides its pictures. */
export type AnimationNotes = {
  /** Texts by the names that ffmpeg has for them. */
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly xmp?: Buffer;
  /** The names of what no film has a place for. */
  readonly others: readonly string[];
};

/** When the pictures of an animation are shown, in whole ticks of `timeBase`. */
export type AnimationTimes = {
  readonly timeBase: Rational;
  readonly starts: readonly number[];
  /** Where the last picture ends. */
  readonly end: number;
};

export const ANIMATION_NAMES: Readonly<Record<Animation['kind'], string>> = { gif: 'GIF', apng: 'APNG', webp: 'WebP' };

/** Browsers show a picture for 100 ms if its delay is 10 ms or less, and authors rely on that. */
const SHORTEST: Rational = { num: 1, den: 100 };
const INSTEAD: Rational = { num: 1, den: 10 };

/** The finest clock, in ticks a second. Where the delays have no common denominator up to this, their times are rounded to it. */
const FINEST = 10_000_000;

const isHurried = ({ num, den }: Rational): boolean => num * SHORTEST.den <= den * SHORTEST.num;

/** Returns a sentence about the pictures whose delay browsers do not believe; undefined where there are none. */
export function hurriedTold(delays: readonly Rational[]): string | undefined {
  const count = delays.filter(isHurried).length;
  return count === 0
    ? undefined
    : `${count} of its ${delays.length} pictures have a delay of 10 ms or less, and are shown for 100 ms, as in browsers`;
}

/** Returns when browsers show the pictures of an animation with these delays, played once. */
export function animationTimes(delays: readonly Rational[]): AnimationTimes {
  const shown = delays.map((delay) => (isHurried(delay) ? INSTEAD : reduced(delay)));
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
