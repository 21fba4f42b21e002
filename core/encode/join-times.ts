import { microsecondsOf, ticksOfMicroseconds } from '../ticks.ts';
import { type Rational, toNumber } from '../units.ts';

/** When the pieces of a film begin, as ffmpeg can be told and as it is. */
export type JoinTimes = {
  /** Of the first frame: whole microseconds. */
  readonly firstSeconds: number;
  /** How long each piece lasts, so that the next begins at its microsecond; undefined of the last. */
  readonly durations: readonly (number | undefined)[];
  /** What is added to the times of packets, from each of these on, to make up for ticks finer than a microsecond. */
  readonly amends: readonly Amend[];
};

export type Amend = { readonly packet: number; readonly ticks: number };

/** Below this a tick may lie between microseconds. Coarser ones are met by rounding alone. */
const COARSE_SECONDS = 2e-6;

/**
 * Each piece's length is the difference of two rounded beginnings, and not itself rounded: errors must not add up from
 * piece to piece.
 */
export function joinTimes({
  starts,
  times,
  timeBase,
  delaySeconds,
}: {
  /** The frames with which pieces begin. */
  readonly starts: readonly number[];
  readonly times: Float64Array;
  readonly timeBase: Rational;
  readonly delaySeconds: number;
}): JoinTimes {
  const origin = times[0] ?? 0;
  const delay = Math.round(delaySeconds * 1e6);
  const first = microsecondsOf(origin, timeBase) + delay;
  const begins = starts.map((start) => microsecondsOf((times[start] ?? 0) - origin, timeBase));
  const durations = begins.map((begin, i) => {
    const next = begins[i + 1];
    return next === undefined ? undefined : (next - begin) / 1e6;
  });
  return { firstSeconds: first / 1e6, durations, amends: isFine(timeBase) ? amends() : [] };

  function amends(): readonly Amend[] {
    const offset = ticksOfMicroseconds(first, timeBase);
    const late = ticksOfMicroseconds(delay, timeBase);
    let before = 0;
    return starts.flatMap((packet, i) => {
      const wanted = (times[packet] ?? 0) + late - offset - ticksOfMicroseconds(begins[i] ?? 0, timeBase);
      const ticks = wanted - before;
      before = wanted;
      return ticks === 0 ? [] : [{ packet, ticks }];
    });
  }
}

const isFine = ({ num, den }: Rational) => num / den < COARSE_SECONDS;

/** What the concat script alone cannot say of a picture's times. */
export type ExactTimes = {
  readonly amends: readonly Amend[];
  readonly timeBase: Rational;
  /** A frame at the rate that the encoder was told. */
  readonly frameSeconds: number;
  /** The last picture, where the source tells how long it is shown: when it begins, and how long it lasts. */
  readonly last: { readonly packet: number; readonly seconds: number; readonly lasts: number } | undefined;
};

/** Undefined where the script says all that there is to say. */
export const neededExactTimes = (exact: ExactTimes): ExactTimes | undefined =>
  exact.amends.length > 0 || exact.last ? exact : undefined;

/**
 * The bitstream filter that says it. In which clock packets come to it differs from one ffmpeg to the next, the container's or
 * the piece's, and what it calls TB may be the other: by what a packet lasts it is seen which.
 */
export function exactTimesFilter({ amends, timeBase, last, frameSeconds }: ExactTimes, containerTicks: number): string {
  const [coarse = 0, fine = 0] = [containerTicks, pieceTicks(timeBase)].sort((a, b) => a - b);
  const isCoarse = `lt(DURATION,${frameSeconds * Math.sqrt(coarse * fine)})`;
  const ticks = (seconds: number) =>
    coarse === fine ? `${seconds * fine}` : `if(${isCoarse},${seconds * coarse},${seconds * fine})`;
  const own = toNumber(timeBase);
  const added = amends.map((amend) => `+round(${ticks(amend.ticks * own)})*gte(N,${amend.packet})`).join('');
  // the last that is shown, and the last in the file: one says where the film ends, the other how long the track is
  const isLast = last && `gt(eq(N,${last.packet})+gte(PTS+0.5,${ticks(last.seconds)}),0)`;
  const duration = last && `duration='if(${isLast},round(${ticks(last.lasts)}),DURATION)'`;
  return `setts=${[`pts='PTS${added}'`, `dts='DTS${added}'`, duration].filter(Boolean).join(':')}`;
}

const NUT_PRECISION = 20_000;

/** The ticks a second of a NUT of ffmpeg's, which makes coarse clocks finer (libavformat's ff_choose_timebase). */
function pieceTicks({ num, den }: Rational): number {
  let ticks = { num, den };
  for (const factor of [2, 3, 5, 7, 9, 11, 13])
    while (ticks.den / ticks.num < NUT_PRECISION && ticks.num % factor === 0)
      ticks = { num: ticks.num / factor, den: ticks.den };
  while (ticks.den / ticks.num < NUT_PRECISION && ticks.den < 1 << 24) ticks = { num: ticks.num, den: ticks.den * 2 };
  return ticks.den / ticks.num;
}
