import type { Probe } from '../film/probe.ts';
import { aacArgs } from './delivered-streams.ts';
import { SHORTEST_GAP_SECONDS } from './sound-clock.ts';
import type { SoundTimes } from './sound-times.ts';
import type { StreamPlan } from './stream-plan.ts';

/** The time from a beginning to an end, in seconds from the source's start. */
type TrackSpan = { readonly from: number; readonly to: number };

/**
 * The time that a streamed film takes: from the earlier beginning of picture and sound to the later end. Some players count
 * each track from its own beginning or end the film with its shorter track, so both tracks are made to fill this time: the
 * first and the last picture stand still, and sound is silent, where only the other track has something.
 */
export type FilmSpan = TrackSpan & {
  /** What is added to the source's times, so that the film begins at 0: negative or 0. */
  readonly delaySeconds: number;
  /**
   * How long before its time the first picture is shown, so that the film begins with a picture: dash.js seeks over the
   * shortest gap at a beginning, and loses subtitles that it reads meanwhile.
   */
  readonly firstEarlySeconds: number;
  /** How long the last picture is shown, where that is not as long as a frame. */
  readonly lastSeconds: number | undefined;
};

/** A track that begins later than the other by less than this, the time of a frame, is in step for eyes and ears. */
const LATEST_BEGIN_SECONDS = 0.04;
/** A track that ends earlier than the other by less than this costs no player the film's end. */
const EARLIEST_END_SECONDS = 0.1;
/** Encoders of sound have at most this delay, by which ffmpeg says that a file begins before 0. */
const MOST_DELAY_SECONDS = 0.1;

export type SurveyedSound = SoundTimes & {
  readonly stream: number;
  readonly firstSeconds: number | undefined;
  readonly endSeconds: number | undefined;
};

type Streamed = {
  readonly probe: Pick<Probe, 'format' | 'startSeconds'>;
  readonly surveys: readonly SurveyedSound[];
  /** When the first picture is shown and when the last one, in seconds, and the tick and the frame in which they count. */
  readonly picture: {
    readonly first: number;
    readonly last: number;
    readonly tickSeconds: number;
    readonly frameSeconds: number;
    /** How long the last picture is shown, where the source says it. */
    readonly lastSeconds: number | undefined;
  };
};

/** Returns the time that a streamed film of this source takes, with the sound that the plans put beside the picture. */
export function filmSpan(plans: readonly StreamPlan[], { probe, surveys, picture }: Streamed): FilmSpan {
  const { first, last, tickSeconds, frameSeconds, lastSeconds: said = 0 } = picture;
  const sound = heardOf(surveys.find(({ stream }) => stream === soundIn(plans)?.stream.index));
  const longest = frameSeconds + EARLIEST_END_SECONDS; // a last picture up to this long ends as encoders end it
  const seen = { from: first, to: last + (said > longest ? said : frameSeconds) };
  const isEarly = sound !== undefined && seen.from - sound.from > LATEST_BEGIN_SECONDS;
  const from = isEarly ? sound.from : seen.from;
  const to = sound !== undefined && sound.to - seen.to > EARLIEST_END_SECONDS ? sound.to : seen.to;
  const encoderDelay = isDelay(probe) ? -probe.startSeconds : 0;
  const begins = from - encoderDelay > LATEST_BEGIN_SECONDS ? from : encoderDelay;
  return {
    from,
    to,
    delaySeconds: 0 - begins,
    firstEarlySeconds: Math.floor(Math.max(0, seen.from - begins) / tickSeconds + ROUNDING_TICKS) * tickSeconds,
    lastSeconds: to - last > longest ? to - last : undefined,
  };
}

/** The rounding of seconds, in ticks of a picture. */
const ROUNDING_TICKS = 1e-6;

/** Fragmented MP4 whose sound has an encoder's delay begins before 0, by ffmpeg's count; the film begins at 0. */
const isDelay = ({ format, startSeconds }: Streamed['probe']) =>
  format.startsWith('mov') && startSeconds < 0 && startSeconds > -MOST_DELAY_SECONDS;

const soundIn = (plans: readonly StreamPlan[]) =>
  plans.find(({ stream, codecArgs }) => stream.type === 'audio' && codecArgs);

/** Returns when a sound begins and ends; undefined where its times begin anew within the file and tell nothing. */
function spanOf(survey: SurveyedSound | undefined): TrackSpan | undefined {
  const { firstSeconds: from, endSeconds: to, beginsAnew } = survey ?? {};
  return from === undefined || to === undefined || to <= from || beginsAnew ? undefined : { from, to };
}

/** When a sound is heard: packets before the file's start are hidden by an edit list, as trimming by stream copy leaves them. */
function heardOf(survey: SurveyedSound | undefined): TrackSpan | undefined {
  const span = spanOf(survey);
  return span && span.to > 0 ? { ...span, from: Math.max(0, span.from) } : undefined;
}

/**
 * Returns the plans of a streamed film with sound that lasts as long as the film. Sound that begins late, ends early or has
 * gaps is encoded with silence in these places, also where its packets could be copied.
 */
export const withSilence = (
  plans: readonly StreamPlan[],
  film: FilmSpan,
  surveys: readonly SurveyedSound[],
): readonly StreamPlan[] => plans.map((plan) => filled(plan, film, surveys));

function filled(plan: StreamPlan, film: FilmSpan, surveys: readonly SurveyedSound[]): StreamPlan {
  const { stream, codecArgs, why } = plan;
  const survey = surveys.find((each) => each.stream === stream.index);
  if (stream.type !== 'audio' || !codecArgs || !survey) return plan;
  // what begins less than a frame before the picture is not cut: the film's time 0 lies before it
  const span = { from: Math.min(film.from, 0 - film.delaySeconds), to: film.to };
  const lacks = lacking(survey, film);
  if (lacks.length === 0) return { ...plan, silenceTo: span };
  const reason = codecArgs[0] === 'copy' ? 'encoded again as AAC' : why;
  const told = `${reason}; made as long as the film with silence, since it ${lacks.join(' and ')}`;
  const args = codecArgs[0] === 'copy' ? aacArgs(stream) : codecArgs;
  return { ...plan, fate: 'converted', why: told, codecArgs: args, silenceTo: span };
}

/** Returns in words why a sound does not last as long as the film. */
function lacking(survey: SurveyedSound, film: TrackSpan): readonly string[] {
  if (survey.beginsAnew) return ['consists of several recordings'];
  const span = spanOf(survey);
  if (!span) return ['has no length'];
  const late = span.from - film.from;
  const early = film.to - span.to;
  const { gapSeconds = 0 } = survey;
  return [
    late > LATEST_BEGIN_SECONDS && `begins ${late.toFixed(2)} s after the film`,
    gapSeconds >= SHORTEST_GAP_SECONDS && `has gaps of ${gapSeconds.toFixed(2)} s`,
    early > EARLIEST_END_SECONDS && `ends ${early.toFixed(2)} s before it`,
    -late > LATEST_BEGIN_SECONDS && `begins ${(-late).toFixed(2)} s before the film`,
    -early > EARLIEST_END_SECONDS && `ends ${(-early).toFixed(2)} s after it`,
  ].filter((each) => each !== false);
}

/** Returns when the first picture of a streamed film is shown, in ticks. */
export const firstTicks = (ticks: number, film: FilmSpan | undefined, tickSeconds: number): number =>
  ticks - Math.round((film?.firstEarlySeconds ?? 0) / tickSeconds);

/** Returns what the picture's line in the manifest says of pictures that stand still; empty where none does. */
export const stillPictures = ({ firstEarlySeconds, lastSeconds }: FilmSpan): string =>
  [
    firstEarlySeconds > 0 &&
      `; its first picture is shown ${firstEarlySeconds.toFixed(2)} s early, at the film's beginning`,
    lastSeconds !== undefined && `; its last picture stays for ${lastSeconds.toFixed(2)} s, until the sound ends`,
  ]
    .filter((each) => each !== false)
    .join('');
