import { timecodeAfter } from '../../core/film/track-timecode.ts';
import type { SourceCut } from '../../core/segments/segments.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { anotherWay, withDecodedFirst } from '../../core/streams/another-way.ts';
import type { FilmSpan } from '../../core/streams/film-span.ts';
import { canSay, type FilmTimecode, timecodeIn, timecodeOfFields, withTimecode } from '../../core/streams/timecode.ts';
import { toNumber } from '../../core/units.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { StreamsAsked } from '../source/wanted-streams.ts';
import type { DraftPicture } from './draft-picture.ts';
import { planTracks } from './plan-tracks.ts';
import type { Draft, RenditionWork } from './work.ts';

type TracksAsked = {
  readonly settings: Partial<Settings>;
  readonly otherWay: RenditionWork['otherWay'] | undefined;
  readonly decodedFirst: RenditionWork['decodedFirst'] | undefined;
};

/** Decides what becomes of the source's streams beside the picture, and which time code the film gets. The plans have the film's own speed. */
export function draftTracks(
  picture: DraftPicture,
  wanted: StreamsAsked,
  { settings: { damaged }, otherWay, decodedFirst }: TracksAsked,
): Pick<Draft, 'plans' | 'film' | 'beginsAt' | 'timecode' | 'said'> {
  const { rendition, source, whole, retime } = picture;
  const { main, cut, tickSeconds } = source;
  const tracks = planTracks({ rendition, wanted, source, whole, isRetimed: retime !== undefined, damaged });
  const made = tracks.plans.map((plan) =>
    otherWay?.has(plan.stream.index) && plan.stream.index !== main.index ? anotherWay(plan, wanted) : plan,
  );
  const planned = withDecodedFirst(made, decodedFirst);
  const { film } = tracks;
  return {
    ...timecodeOf(planned, picture, wanted, otherWay?.has(main.index) === true),
    film: film && cut.among ? endingWith(film, cut, tickSeconds) : film,
    beginsAt: tracks.beginsAt,
  };
}

/** Returns the time code to be written, what the source says of it, and the plans with its track; `isBad` after one that failed its check. */
function timecodeOf(
  planned: Draft['plans'],
  { rendition, source, retime, deinterlacing, frameRate }: DraftPicture,
  { container }: StreamsAsked,
  isBad: boolean,
): Pick<Draft, 'plans' | 'timecode' | 'said'> {
  const said = timecodeIn(source.main, source.probe);
  if (rendition.delivery === 'stream' || retime) return { plans: planned, timecode: undefined, said };
  const inSource = ofFirstTaken(said, source);
  const found = deinterlacing?.pictures === 2 && inSource !== undefined ? timecodeOfFields(inSource) : inSource;
  const among = { container, rate: frameRate, frames: source.cut.times.length };
  const { jumps = false } = source.probe.timecodeTrack ?? {};
  const timecode = found !== undefined && !isBad && canSay(found, among) ? found : undefined;
  return { plans: withTimecode(planned, { found, written: timecode, jumps }, said.timecode), timecode, said };
}

/** The time code of the first picture that is taken: those before it may be damaged. What stands in pictures was read in the first good one. */
function ofFirstTaken({ timecode, from }: FilmTimecode, { main, cut, tickSeconds, probe }: SourceFacts) {
  const rate = probe.timecodeTrack?.rate ?? toNumber(main.video.averageFrameRate ?? main.video.baseFrameRate ?? NONE);
  const late = (cut.times.at(0) ?? 0) * tickSeconds + probe.startSeconds - (main.startSeconds ?? probe.startSeconds);
  const frames = Math.round(late * rate);
  if (timecode === undefined || from === 'pictures' || frames <= 0) return timecode;
  return timecodeAfter(timecode, frames, Math.round(rate)) ?? timecode;
}

const NONE = { num: 0, den: 1 };

/** The film of a rung with every second picture, whose last picture is shown until the film ends. */
const endingWith = (film: FilmSpan, { times: taken }: SourceCut, tickSeconds: number): FilmSpan => ({
  ...film,
  lastSeconds: film.to - (taken.at(-1) ?? 0) * tickSeconds,
});
