import { usage } from '../errors.ts';
import { usualGap } from '../film/frame-gaps.ts';
import { clock } from '../format.ts';
import { type Rational, toNumber } from '../units.ts';
import type { InterlacedPart } from './film-fields.ts';

/** The frames of a film in the order of showing, and those of them that were found interlaced. */
type MeasuredFrames = {
  readonly times: Float64Array;
  readonly tickSeconds: number;
  readonly parts: readonly InterlacedPart[];
};

/** Frames a second of NTSC (30000/1001) and of film at exactly 24 in 30. */
const SLOWEST = 29.9;
const FASTEST = 30.1;
/** Files in milliseconds round the time between two frames by less than this share of it. */
const UNEVEN = 0.25;

/**
 * Throws `usage` for a film whose telecine cannot be undone: one in five of its frames is left out and the others get even times, so that
 * any other film would lose pictures that it has once, or would run away from its sound.
 */
export function refuseWithoutTelecine(name: string, { times, tickSeconds, parts }: MeasuredFrames): void {
  const usual = usualGap(times);
  const framesPerSecond = averageRate({ times, tickSeconds });
  const uneven = times.findIndex((time, i) => i > 0 && Math.abs(time - (times[i - 1] ?? 0) - usual) > UNEVEN * usual);
  if (uneven > 0)
    throw refusal(
      `${name} has frames of different lengths (the first at ${clock((times[uneven - 1] ?? 0) * tickSeconds, 0.1)})`,
    );
  if (!(framesPerSecond >= SLOWEST && framesPerSecond <= FASTEST))
    throw refusal(`${name} has ${Number(framesPerSecond.toFixed(3)) || 'no'} frames a second`);
  if (!parts.some(({ telecine }) => telecine)) throw refusal(`${name} repeats no fields as telecine does`);
}

/** Frames a second from the first to the last, which clocks in milliseconds round less than the time between two of them. */
export const averageRate = ({ times, tickSeconds }: Omit<MeasuredFrames, 'parts'>): number =>
  (times.length - 1) / (((times.at(-1) ?? 0) - (times[0] ?? 0)) * tickSeconds);

const refusal = (what: string) =>
  usage(
    `telecine=inverse restores the 24 pictures a second of a film in the 29.97 even frames of NTSC, and ${what}; leave telecine=inverse out`,
  );

const RATE_OF_FILM: Rational = { num: 24_000, den: 1001 };
/** Frames of the faster telecine: between 30000/1001 and 30 a second. */
const EXACT = 29.985;

/** The frames that are foreseen of a film whose telecine will be undone: their times, nearly, their rate, and what is to be told. */
type ForeseenFilm = { readonly times: Float64Array; readonly rate: Rational; readonly told: string };

/** Foresees what undoing the telecine makes of a film that `refuseWithoutTelecine` lets pass: one in five frames is left out. */
export function foreseenFilm({ times, tickSeconds }: Omit<MeasuredFrames, 'parts'>): ForeseenFilm {
  const left = times.filter((_, frame) => frame % 5 < 4);
  const rate = averageRate({ times, tickSeconds }) < EXACT ? RATE_OF_FILM : { num: 24, den: 1 };
  const perSecond = Number(toNumber(rate).toFixed(2));
  const told = `telecine=inverse makes about ${left.length} frames, ${perSecond} a second, of the source's ${times.length}: its picture is written losslessly first, and data streams are left out`;
  return { times: left, rate, told };
}

/** A file in milliseconds rounds the times of frames that follow each other evenly so that they lie within one of them, and a little. */
const ROUNDED_SECONDS = 0.001_1;

/** The even times of a film, in ticks of one second divided by the numerator of its rate. */
type EvenTimes = { readonly times: Float64Array; readonly rate: Rational };

/**
 * Returns the times that the frames of a restored film have without the rounding of the file that holds it, and its rate; undefined where
 * they are not those of a film. `times` are those of the file, and `perSecond` is how many frames a second the telecined film had.
 */
export function evenTimesOf(
  { times, tickSeconds }: Omit<MeasuredFrames, 'parts'>,
  perSecond: number,
): EvenTimes | undefined {
  const rate = perSecond < EXACT ? RATE_OF_FILM : { num: 24_000, den: 1000 };
  let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [frame, time] of times.entries()) {
    const begins = time * tickSeconds - (frame * rate.den) / rate.num;
    earliest = Math.min(earliest, begins);
    latest = Math.max(latest, begins);
  }
  if (!(latest - earliest < ROUNDED_SECONDS)) return undefined;
  const begins = Math.round(((earliest + latest) / 2) * rate.num);
  return { times: times.map((_, frame) => begins + frame * rate.den), rate };
}

/** A stretch without repeated fields is told from this length on: in a shorter one there may just be no motion. */
const LEAST_SECONDS = 1;

/** Tells in which stretches of a telecined film no field is repeated, because one in five of their pictures is left out as well. */
export function untelecinedTold({ times, tickSeconds, parts }: MeasuredFrames): readonly string[] {
  const secondsAt = (frame: number) =>
    ((times[Math.min(frame, times.length - 1)] ?? 0) - (times[0] ?? 0)) * tickSeconds;
  const found = parts.filter(({ telecine }) => telecine);
  const starts = [0, ...found.map(({ end }) => end)];
  const ends = [...found.map(({ start }) => start), times.length];
  const spans = starts.flatMap((start, i) => {
    const [from, to] = [secondsAt(start), secondsAt(ends[i] ?? start)];
    return to - from < LEAST_SECONDS ? [] : [`${clock(from)} to ${clock(to)}`];
  });
  if (spans.length === 0) return [];
  return [
    `no repeated fields were found from ${spans.join(', ')}: where something moves there, one in five of its pictures is lost by telecine=inverse`,
  ];
}

/** When the picture begins and ends, and when each sound ends, in seconds of the file; a sound is undefined that cannot be judged by it. */
export type RestoredSpan = {
  readonly start: number;
  readonly end: number;
  readonly sounds: readonly (number | undefined)[];
};

/** A picture that was restored begins within a frame of the one that it was made of, and its file is in milliseconds. */
const MOST_SHIFT_SECONDS = 0.05;

/**
 * Throws `usage` where a film whose telecine was undone does not last as long as its source, or where one of its sounds ends at another
 * time of the picture.
 */
export function refuseOutOfStep(name: string, was: RestoredSpan, is: RestoredSpan): void {
  const shift = is.start - was.start;
  const differs = (a: number, b = Number.NaN) => !(Math.abs(b - a - shift) <= MOST_SHIFT_SECONDS);
  if (differs(was.end, is.end))
    throw refusal(
      `${name} lasts ${(was.end - was.start).toFixed(2)} s and became ${(is.end - is.start).toFixed(2)} s of picture`,
    );
  const off = was.sounds.findIndex((end, i) => end !== undefined && differs(end, is.sounds[i]));
  if (off >= 0) throw refusal(`sound ${off + 1} of ${name} came out of step with its picture`);
}
