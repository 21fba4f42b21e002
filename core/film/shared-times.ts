import { parseRational, type Rational, toNumber } from '../units.ts';

/** Pictures that are shown later than their source says, since another one has their time. */
export type SharedTimes = { readonly pictures: number; readonly mostSeconds: number };

/** What ffmpeg's filter `showinfo` says of a picture, and of the clock of all. */
const TIME = /^\[Parsed_showinfo\S* @ \S+\] (?:\[info\] )? *n: *\d+ +pts: *(-?\d+|NOPTS) /;
const CLOCK = /^\[Parsed_showinfo\S* @ \S+\] (?:\[info\] )?config in time_base: (\d+\/\d+)/;

/** Compares the times that pictures have with those at which they are shown. Both come in one order, and neither waits for the other. */
export function sharedTimes() {
  const [stored, shown]: [(number | undefined)[], number[]] = [[], []];
  let clock: Rational | undefined;
  let [pictures, mostTicks] = [0, 0];
  const compare = () => {
    while (stored.length > 0 && shown.length > 0) {
      const [was, is] = [stored.shift(), shown.shift()];
      if (was === undefined || is === undefined || is <= was) continue;
      pictures++;
      mostTicks = Math.max(mostTicks, is - was);
    }
  };
  return {
    /** Takes a line of the log of `showinfo`, before the times are moved. */
    line(text: string) {
      clock ??= parseRational(CLOCK.exec(text)?.[1]);
      const ticks = TIME.exec(text)?.[1];
      if (ticks === undefined) return;
      stored.push(ticks === 'NOPTS' ? undefined : Number(ticks));
      compare();
    },
    shown(ticks: number) {
      shown.push(ticks);
      compare();
    },
    /** Undefined where no picture was moved, or the clocks differ, so that nobody knows. */
    found(timeBase: Rational): SharedTimes | undefined {
      if (pictures === 0 || !clock || toNumber(clock) !== toNumber(timeBase)) return undefined;
      return { pictures, mostSeconds: mostTicks * toNumber(timeBase) };
    },
  };
}

/** Says how many pictures have a time that another one has, and how much later they are shown. */
export function sharedTimesTold(shared: SharedTimes | undefined): readonly string[] {
  if (!shared) return [];
  const { pictures, mostSeconds } = shared;
  const later = `${Number((mostSeconds * 1000).toPrecision(3))} ms later than the source says`;
  return [
    pictures === 1
      ? `a picture has the time of another one, and a film shows one at a time: it follows that one, ${later}`
      : `${pictures} pictures have the time of another one, and a film shows one at a time: they follow that one, at most ${later}`,
  ];
}
