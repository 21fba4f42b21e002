import { codecNamed } from '../core/codecs/index.ts';
import { specInKeys } from '../core/codecs/names-in-keys.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import { refuseContainer } from '../core/encode/container-refusal.ts';
import { contextOf } from '../core/encode/context.ts';
import { emphasisTold } from '../core/encode/emphasis-told.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { eyesTold } from '../core/encode/picture-marks.ts';
import { planNotes } from '../core/encode/plan-notes.ts';
import { rungFrames } from '../core/encode/small-rung-rate.ts';
import { usage } from '../core/errors.ts';
import { plainTurn, withoutScale } from '../core/film/plain-turn.ts';
import { matrixTold } from '../core/filters/colour.ts';
import { type Deinterlacing, deinterlacing } from '../core/filters/deinterlacing.ts';
import { fieldsTold } from '../core/filters/fields-told.ts';
import { encoderFrameRate } from '../core/filters/frame-rate.ts';
import { isRateOfFields, retimedStreams, retiming } from '../core/filters/retiming.ts';
import { isMadeUpright } from '../core/filters/upright.ts';
import { rangesBetweenKeyframes } from '../core/segments/keyframes.ts';
import { contentKeys, type KeyContext, type Segment, type SourceCut } from '../core/segments/segments.ts';
import { type Container, containerOf, isInMatroska } from '../core/settings/delivery.ts';
import type { Settings } from '../core/settings/settings.ts';
import { anotherWay, withDecodedFirst } from '../core/streams/another-way.ts';
import { leftOut } from '../core/streams/choose-streams.ts';
import type { FilmSpan } from '../core/streams/film-span.ts';
import type { StreamPlan } from '../core/streams/stream-plan.ts';
import type { StreamsWanted } from '../core/streams/streams.ts';
import { canSay, timecodeIn, timecodeOfFields, withTimecode } from '../core/streams/timecode.ts';
import { type BesideWanted, plansBeside, streamsBeside } from '../core/subtitles/beside.ts';
import { parseRational, type Rational, times, toNumber } from '../core/units.ts';
import { planTracks } from './plan-tracks.ts';
import type { SourceFacts } from './read-source.ts';
import { withPictures } from './with-pictures.ts';
import type { Draft, RenditionWork } from './work.ts';

type DraftOf = Pick<RenditionWork, 'source' | 'tools' | 'otherWay' | 'decodedFirst'>;

/** Decides everything about a rendition of a source, and makes nothing. Throws `usage` for what is not possible. */
export function draftOf(
  asked: RenditionSpec,
  { source: asItLies, tools, otherWay, decodedFirst }: DraftOf,
  settings: Partial<Settings>,
  projected?: number,
): Draft {
  const done = fieldsDone(asked, asItLies, settings);
  const whole = shownBy(containerOf(asked.delivery, settings), withPictures(asItLies, done), asked);
  const { main, tickSeconds, crop } = whole;
  refuseContainer(asked, settings);
  const sourceRate = encoderFrameRate(main.video, whole.cut.times, tickSeconds);
  const retime = asked.enlarge && retiming(settings, sourceRate);
  const specOf = (rendition: RenditionSpec, { among }: SourceCut) =>
    encodeSpecFor({
      rendition,
      settings,
      video: main.video,
      frameRate: rateOf(sourceRate, retime?.timeFactor, among?.every),
      every: among?.every,
      deinterlacing: done,
      crop,
      timeFactor: retime?.timeFactor,
      tools: tools.get(rendition.codec) ?? {},
    });
  const { size } = specOf(asked, whole.cut).spec;
  const {
    cut,
    rendition,
    told: framesTold,
  } = rungFrames({ rendition: asked, settings, size, cut: whole.cut, tickSeconds });
  const source = { ...whole, cut };
  const { spec, losses, padding } = specOf(rendition, cut);
  const wanted = wantedStreams(rendition, settings, source);
  const {
    plans: told,
    film,
    beginsAt,
  } = planTracks({
    ...{ rendition, wanted, source, whole, isRetimed: retime !== undefined },
    damaged: settings.damaged,
  });
  const made = told.map((plan) =>
    otherWay?.has(plan.stream.index) && plan.stream.index !== main.index ? anotherWay(plan, wanted) : plan,
  );
  const planned = withDecodedFirst(made, decodedFirst);
  const said = timecodeIn(main, source.probe);
  const hasNone = rendition.delivery === 'stream' || retime !== undefined;
  const inSource = hasNone ? undefined : said.timecode;
  const found = done?.pictures === 2 && inSource !== undefined ? timecodeOfFields(inSource) : inSource;
  const among = { container: wanted.container, rate: rateOf(sourceRate, retime?.timeFactor), frames: cut.times.length };
  const timecode = found !== undefined && !otherWay?.has(main.index) && canSay(found, among) ? found : undefined;
  const plans = hasNone ? planned : withTimecode(planned, { found, written: timecode }, inSource);
  const notes = planNotes({
    ...{ main, spec, delivery: rendition.delivery, container: wanted.container },
    takesAll: !cut.among && !cut.fields,
  });
  const segments = segmentsOf(source, spec);
  return {
    rendition,
    source,
    spec,
    losses,
    padding,
    notes,
    segments,
    plans: [
      ...(retime ? retimedStreams(plans, main.index, retime, wanted.container) : plans),
      ...besideOf(source, wanted, retime?.timeFactor),
    ],
    timecode,
    said,
    projected,
    film: film && cut.among ? endingWith(film, cut, tickSeconds) : film,
    beginsAt,
    framesTold: [
      ...framesTold,
      ...(rendition.parent === 'source' ? emphasisTold(plans, wanted.container) : []),
      ...matrixTold(main.video, spec.colour),
      ...fieldsTold({ ...toldOf(asked.name, done, asItLies), isHalf: cut.among !== undefined }),
      ...(rendition.parent === 'source'
        ? eyesTold(main.video, wanted.delivery, {
            container: wanted.container,
            inPictures: notes.kinds.includes('framePacking'),
          })
        : []),
    ],
    ...(done && { deinterlacing: done }),
  };
}

/**
 * Returns a source as its container shows it, where the rendition's cannot say it so: Matroska turns a picture and does not scale it, and
 * VJ software reads no matrix at all. Throws `usage` for a picture that Matroska cannot show as it is.
 */
function shownBy(container: Container, source: SourceFacts, { delivery }: RenditionSpec): SourceFacts {
  if (!isInMatroska(container) && !isMadeUpright(delivery)) return source;
  const { main } = source;
  const turn = main.video.displayMatrix && plainTurn(main.video.displayMatrix);
  if (isInMatroska(container) && typeof turn === 'string')
    throw usage(`the picture is ${turn} by its container, and Matroska cannot say so; take container=mp4`);
  const video = withoutScale(main.video);
  return video ? { ...source, main: { ...main, video } } : source;
}

/** What becomes of the fields of a source. A rendition that is made of another finds none. */
function fieldsDone(
  { parent, enlarge }: RenditionSpec,
  { fields, cut: { times }, index: { timeBase }, main, tickSeconds }: SourceFacts,
  settings: Partial<Settings>,
): Deinterlacing | undefined {
  if (parent !== 'source') return undefined;
  const fps = enlarge ? settings.fps : undefined;
  const rate = encoderFrameRate(main.video, times, tickSeconds);
  return deinterlacing(
    settings,
    { fields, times, timeBase, pixelFormat: main.video.pixelFormat },
    { isOneForOne: fps !== undefined && !isRateOfFields(fps, rate) },
  );
}

const toldOf = (name: string, done: Deinterlacing | undefined, { main, cut, tickSeconds }: SourceFacts) => ({
  ...{ name, done, framesPerSecond: toNumber(encoderFrameRate(main.video, cut.times, tickSeconds)) },
  secondsAt: (frame: number) => (cut.times[Math.min(frame, cut.times.length - 1)] ?? 0) * tickSeconds,
});

/** The frame rate of what is made of a source: at another speed, or with every so manieth frame. */
function rateOf(source: Rational, timeFactor: Rational | undefined, every = 1): Rational {
  const played = timeFactor ? times(source, { num: timeFactor.den, den: timeFactor.num }) : source;
  return every === 1 ? played : times(played, { num: 1, den: every });
}

/** The film of a rung with every second picture, whose last picture is shown until the film ends. */
const endingWith = (film: FilmSpan, { times: taken }: SourceCut, tickSeconds: number): FilmSpan => ({
  ...film,
  lastSeconds: film.to - (taken.at(-1) ?? 0) * tickSeconds,
});

/** Each segment of a codec that only counts keyframes has one where it begins, and none that are named. */
function segmentsOf(source: SourceFacts, spec: Draft['spec']): readonly Segment[] {
  const context = keyContext({ source, spec });
  const segments = contentKeys(source.index, source.cut, context);
  if (!codecNamed(spec.codec).countsKeyframes || segments.every(({ keyframes }) => !keyframes)) return segments;
  return contentKeys(source.index, { ...source.cut, ranges: rangesBetweenKeyframes(segments) }, context);
}

type Keyed = {
  readonly source: Pick<SourceFacts, 'index' | 'main' | 'cut'> & Partial<Pick<SourceFacts, 'probe'>>;
  readonly spec: Draft['spec'];
};

/** Returns what the keys of a draft's pieces are made of, besides its pictures. */
export function keyContext({ source, spec }: Keyed): KeyContext {
  const { index, main, cut, probe } = source;
  const { statedFields } = main.video;
  return {
    spec: {
      ...specInKeys(spec),
      extradata: main.extradataHash,
      access: cut.access,
      ...(statedFields !== undefined && { statedFields }),
      ...(probe?.byOneThread && { threads: 1 }),
    },
    independent: index.from === 'frames' || INTRA_ONLY.has(main.codec),
    margin: spec.margin,
    context: contextOf(spec),
    ...(spec.interlacedParts && { parts: spec.interlacedParts }),
    keyframes: keyframeDistance(spec),
  };
}

function keyframeDistance(spec: Draft['spec']): KeyContext['keyframes'] {
  const frames = 'keyframeEvery' in spec ? spec.keyframeEvery : undefined;
  const rate = parseRational(spec.frameRate);
  return frames === undefined || !rate ? undefined : { frames, seconds: frames / toNumber(rate) };
}

type FromSource = Pick<SourceFacts, 'probe' | 'beside'>;
type StreamsAsked = StreamsWanted & Pick<BesideWanted, 'leftOut'>;

/**
 * Returns how the streams of a rendition are chosen. Streams that the drop does not want are left out of renditions of the
 * source; a rendition that is made from another has only streams that are wanted. Throws `usage`.
 */
export function wantedStreams(rendition: RenditionSpec, settings: Partial<Settings>, source: FromSource): StreamsAsked {
  const streams = [...source.probe.streams, ...streamsOf(source)];
  return {
    delivery: rendition.delivery,
    container: containerOf(rendition.delivery, settings),
    title: codecNamed(rendition.codec).title,
    leftOut: rendition.parent === 'source' ? leftOut(streams, settings) : new Map(),
  };
}

/** Returns the plans for the subtitles beside the source. */
export const besideOf = (source: FromSource, wanted: StreamsAsked, timeFactor?: Rational): readonly StreamPlan[] =>
  plansBeside(source.beside ?? [], streamsOf(source), {
    ...wanted,
    filmSeconds: source.probe.durationSeconds ?? Number.POSITIVE_INFINITY,
    timeFactor,
  });

const streamsOf = ({ probe, beside = [] }: FromSource) => streamsBeside(beside, probe.streams.length);

/** Codecs whose packets all decode alone, whatever the container says about keyframes. */
const INTRA_ONLY = new Set(
  'prores dnxhd mjpeg hap dxv huffyuv ffvhuff utvideo v210 v308 v408 v410 r210 rawvideo png jpeg2000 dvvideo cfhd magicyuv qtrle_i bmp tiff'.split(
    ' ',
  ),
);
