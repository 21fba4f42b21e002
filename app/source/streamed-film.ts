import { encoderFrameRate } from '../../core/filters/frame-rate.ts';
import { type FilmSpan, filmSpan, stillPictures } from '../../core/streams/film-span.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { toNumber } from '../../core/units.ts';
import type { SourceFacts } from './read-source.ts';

/** The time that a streamed film of this source takes, with the sound that the plans put beside the picture. */
export function streamedFilm(plans: readonly StreamPlan[], source: SourceFacts): FilmSpan {
  const { probe, streams: surveys, cut, tickSeconds } = source;
  const [first = 0, last = 0] = [cut.times.at(0), cut.times.at(-1)].map((ticks = 0) => ticks * tickSeconds);
  const picture = {
    first,
    last,
    tickSeconds,
    frameSeconds: frameSecondsOf(source),
    lastSeconds: saidLastSeconds(source),
  };
  return filmSpan(plans, { probe, surveys, picture });
}

const frameSecondsOf = ({ main, cut, tickSeconds }: SourceFacts): number =>
  1 / toNumber(encoderFrameRate(main.video, cut.times, tickSeconds));

/** How long the last picture is shown, as the source says; undefined where it does not, or where it is longer than the source. */
function saidLastSeconds({ probe, streams, main, cut, tickSeconds, lastSeconds }: SourceFacts): number | undefined {
  if (lastSeconds !== undefined) return lastSeconds;
  const last = (cut.times.at(-1) ?? 0) * tickSeconds;
  const end = streams.find(({ stream }) => stream === main.index)?.endSeconds;
  const longest = Math.max(0, probe.startSeconds) + (probe.durationSeconds ?? 0) + ROUNDED_SECONDS;
  return end === undefined || end <= last || end > longest ? undefined : end - last;
}

/** Containers round their length. */
const ROUNDED_SECONDS = 0.1;
/** Up to this length a last picture ends as encoders end it. */
const LONG_FRAMES = 4;

/** A film is this much faster than the rate that its encoder is given, where that is not its own. */
const FASTER = 1.5;

/** How long the last picture of a file is shown, where that is not about a frame of the encoder's rate, so that it has to be said. */
export function heldLastSeconds(source: SourceFacts): number | undefined {
  const said = saidLastSeconds(source);
  const frame = frameSecondsOf(source);
  if (source.lastSeconds !== undefined) return said;
  const { times } = source.cut;
  const apart = ((times.at(-1) ?? 0) - (times[0] ?? 0)) * source.tickSeconds;
  if (apart > 0 && apart * FASTER < frame * (times.length - 1))
    return said !== undefined && said < frame ? said : ((times.at(-1) ?? 0) - (times.at(-2) ?? 0)) * source.tickSeconds;
  return said !== undefined && said > Math.max(1, LONG_FRAMES * frame) ? said : undefined;
}

/** When the last picture ends, in seconds from the file's start. */
export const endOfPicture = (source: SourceFacts): number =>
  (source.cut.times.at(-1) ?? 0) * source.tickSeconds + (heldLastSeconds(source) ?? frameSecondsOf(source));

/** The plans, which say of the picture where it stands still. */
export const withStillPictures = (plans: readonly StreamPlan[], main: number, film: FilmSpan): readonly StreamPlan[] =>
  plans.map((plan) => (plan.stream.index === main ? { ...plan, why: plan.why + stillPictures(film) } : plan));
