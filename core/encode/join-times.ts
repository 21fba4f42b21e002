import { microsecondsOf, ticksOfMicroseconds } from '../ticks.ts';
import { type Rational, toNumber } from '../units.ts';

/** When the pieces of a film begin: in ffmpeg's microseconds, and the corrections that make the times exact. */
type JoinTimes = {
  /** The time of the first frame, in whole microseconds. */
  readonly firstSeconds: number;
  /** How long each piece lasts, so that the next begins at its microsecond; undefined for the last. */
  readonly durations: readonly (number | undefined)[];
  /** Corrections for ticks finer than a microsecond, each added to the times of all packets from its own on. */
  readonly corrections: readonly TimeCorrection[];
  /** For such ticks: where the first packet has to begin, since ffmpeg takes the first time of a piece in whole microseconds from its times. */
  readonly beginsAt?: number;
};

type TimeCorrection = { readonly packet: number; readonly ticks: number };

/** Ticks below this length may fall between microseconds. Rounding alone is exact for longer ticks. */
const COARSE_SECONDS = 2e-6;

/**
 * Returns when the pieces begin. A piece's length is the difference of two rounded start times and not rounded itself, so
 * that errors do not add up from piece to piece.
 */
export function joinTimes({
  starts,
  times,
  timeBase,
  delaySeconds,
}: {
  /** The first frame of each piece. */
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
  const firstSeconds = first / 1e6;
  return isFine(timeBase)
    ? { firstSeconds, durations, corrections: corrections(), beginsAt: firstSeconds }
    : { firstSeconds, durations, corrections: [] };

  function corrections(): readonly TimeCorrection[] {
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

/** What the concat script cannot express about a picture's times. */
export type ExactTimes = {
  readonly corrections: readonly TimeCorrection[];
  readonly beginsAt?: number | undefined;
  readonly timeBase: Rational;
  /**
   * How long ffmpeg may say that a packet of the pieces lasts: a frame at the encoder's rate where a piece has one frame, and
   * otherwise at the source's.
   */
  readonly frameSeconds: readonly number[];
  /** How much earlier than in the source the first picture is shown. */
  readonly firstEarlySeconds?: number;
  /** The last picture, if the source says how long it is shown: when it begins, and how long it lasts. */
  readonly last: { readonly packet: number; readonly seconds: number; readonly lasts: number } | undefined;
  /** The last packet, if it lasts as long as the one before it and ffmpeg cannot guess that. */
  readonly repeated?: number | undefined;
};

/** Returns for how many seconds the last picture is shown in the rendition; undefined where the source does not say it. */
export function lastShownSeconds({ last, firstEarlySeconds = 0 }: ExactTimes): number | undefined {
  const isFirst = last?.packet === 0;
  return last && last.lasts + (isFirst ? firstEarlySeconds : 0);
}

/** Returns its argument; undefined if the concat script alone gives exact times. */
export const neededExactTimes = (exact: ExactTimes): ExactTimes | undefined =>
  exact.corrections.length > 0 ||
  exact.beginsAt !== undefined ||
  exact.last ||
  exact.firstEarlySeconds ||
  exact.repeated !== undefined
    ? exact
    : undefined;

/**
 * The bitstream filter that makes the times exact. Packets reach it in the container's or in the piece's time base, which
 * differs between ffmpeg versions, and its TB may be the other one; the packet's duration shows which it is.
 */
export function exactTimesFilter(
  { corrections, beginsAt, timeBase, firstEarlySeconds = 0, last, repeated, frameSeconds }: ExactTimes,
  {
    containerTicks,
    pieceTicks,
    isFragmented,
  }: { readonly containerTicks: number; readonly pieceTicks: number; readonly isFragmented: boolean },
): string {
  const [coarse = 0, fine = 0] = [containerTicks, pieceTicks].sort((a, b) => a - b);
  const lengths = frameSeconds
    .flatMap((seconds) => [coarse, fine].map((clock) => ({ clock, length: seconds * clock })))
    .sort((one, other) => one.length - other.length);
  const ticks = (seconds: number) => byLength(lengths, seconds);
  const own = toNumber(timeBase);
  const early = firstEarlySeconds > 0 ? `-round(${ticks(firstEarlySeconds)})*eq(N,0)` : '';
  const moved = beginsAt === undefined ? '' : `+round(${ticks(beginsAt)})-STARTPTS`;
  const corrected = corrections.map((each) => `+round(${ticks(each.ticks * own)})*gte(N,${each.packet})`).join('');
  const added = `${moved}${corrected}${early}`;
  // the last frame shown sets where the film ends, and the last in the file sets how long the track is
  const isLast = last && `gt(eq(N,${last.packet})+gte(PTS+0.5,${ticks(last.seconds)}),0)`;
  const lasts = last && `round(${ticks(last.lasts)})`;
  // players of fragments count each picture from its own time, and the last in the file need not be the last one shown
  const untilEnd = last && `round(${ticks(last.seconds + last.lasts)})-(PTS${added})`;
  const long = last && (isFragmented ? `if(eq(N,${last.packet}),${untilEnd},${lasts})` : lasts);
  const again = repeated === undefined ? undefined : `duration='if(eq(N,${repeated}),PTS-PREV_INPTS,DURATION)'`;
  // where packets are said to last longer than pictures are shown, one before the last would end behind it
  const others = last && last.lasts < Math.max(...frameSeconds) ? `min(DURATION,${untilEnd})` : 'DURATION';
  const duration = last ? `duration='if(${isLast},${long},${others})'` : again;
  return `setts=${[`pts='PTS${added}'`, `dts='DTS${added}'`, duration].filter(Boolean).join(':')}`;
}

/** A packet's length in one of the clocks that it may be in. */
type ClockLength = { readonly clock: number; readonly length: number };

/** Returns a time in the clock that a packet is in, as an expression: the clock in which its duration is nearest to a known length. */
function byLength(lengths: readonly ClockLength[], seconds: number): string {
  const [first, second] = lengths;
  if (!first || !second) return `${seconds * (first?.clock ?? 0)}`;
  const others = byLength(lengths.slice(1), seconds);
  const own = `${seconds * first.clock}`;
  return own === others ? own : `if(lt(DURATION,${Math.sqrt(first.length * second.length)}),${own},${others})`;
}
