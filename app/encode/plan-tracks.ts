import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { isInMatroska } from '../../core/settings/delivery.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { withoutEarlySound, withoutPartialSound } from '../../core/streams/early-sound.ts';
import { type FilmSpan, withSilence } from '../../core/streams/film-span.ts';
import { withoutHidden } from '../../core/streams/hidden-sound.ts';
import { withOneSoundKind } from '../../core/streams/one-sound-kind.ts';
import { withOpenEnds } from '../../core/streams/open-ends.ts';
import { LATEST_BEGIN_SECONDS, withSoundTimes } from '../../core/streams/sound-times.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { planStreams, type StreamsWanted } from '../../core/streams/streams.ts';
import { withTimesInMp4 } from '../../core/streams/texts-in-mp4.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { endOfPicture, streamedFilm, withStillPictures } from '../source/streamed-film.ts';

type Tracks = {
  readonly plans: readonly StreamPlan[];
  /** The time that a streamed film takes; undefined for other deliveries. */
  readonly film: FilmSpan | undefined;
  /** When the film begins in its source, in seconds, where the rendition begins with it at 0; undefined where it begins as the source does. */
  readonly beginsAt: number | undefined;
};

type TracksWanted = {
  readonly rendition: RenditionSpec;
  readonly wanted: StreamsWanted;
  /** The source with the frames that are taken. */
  readonly source: SourceFacts;
  /** The source with all its frames. */
  readonly whole: SourceFacts;
  readonly isRetimed: boolean;
  readonly damaged: Settings['damaged'] | undefined;
};

/** Returns what becomes of a source's streams, their sounds laid in the time that the rendition takes. */
export function planTracks({ rendition, wanted, source, whole, isRetimed, damaged }: TracksWanted): Tracks {
  const { probe, streams: surveys, main, cut, tickSeconds } = source;
  const planned = withTimesInMp4(withoutPartialSound(planStreams(probe, wanted), surveys), surveys);
  const all = withOneSoundKind(withoutHidden(planned, surveys, wanted), wanted);
  const fitting = isInMatroska(wanted.container) ? withoutEarlySound(all, main.index, surveys) : all;
  const film = rendition.delivery === 'stream' && !isRetimed ? streamedFilm(fitting, whole) : undefined;
  const begins = (cut.times[0] ?? 0) * tickSeconds;
  const isLoop = rendition.delivery === 'live';
  const plans = withSoundTimes(film ? withSilence(fitting, film, surveys) : fitting, {
    ...{ probe, container: wanted.container, surveys, damaged },
    ...(isLoop && { beginsAt: begins, endsWith: endOfPicture(source) }),
  });
  return {
    plans: withOpenEnds(film ? withStillPictures(plans, main.index, film) : plans, surveys, wanted.container),
    film,
    beginsAt: isLoop && begins > LATEST_BEGIN_SECONDS ? begins : undefined,
  };
}
