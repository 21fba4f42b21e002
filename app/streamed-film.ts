import { encoderFrameRate } from '../core/filters/frame-rate.ts';
import { type FilmSpan, filmSpan, stillPictures } from '../core/streams/film-span.ts';
import type { StreamPlan } from '../core/streams/stream-plan.ts';
import { toNumber } from '../core/units.ts';
import type { SourceFacts } from './read-source.ts';

/** The time that a streamed film of this source takes, with the sound that the plans put beside the picture. */
export function streamedFilm(plans: readonly StreamPlan[], source: SourceFacts): FilmSpan {
  const { probe, streams: surveys, main, cut, index, tickSeconds, lastSeconds } = source;
  const [first = 0, last = 0] = [cut.times.at(0), cut.times.at(-1)].map((ticks = 0) => ticks * tickSeconds);
  const end = index.from === 'packets' ? surveys.find(({ stream }) => stream === main.index)?.endSeconds : undefined;
  const said = lastSeconds ?? (end === undefined ? undefined : end - last);
  const frameSeconds = 1 / toNumber(encoderFrameRate(main.video, cut.times, tickSeconds));
  return filmSpan(plans, { probe, surveys, picture: { first, last, tickSeconds, frameSeconds, lastSeconds: said } });
}

/** The plans, which say of the picture where it stands still. */
export const withStillPictures = (plans: readonly StreamPlan[], main: number, film: FilmSpan): readonly StreamPlan[] =>
  plans.map((plan) => (plan.stream.index === main ? { ...plan, why: plan.why + stillPictures(film) } : plan));
