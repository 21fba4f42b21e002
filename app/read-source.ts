import { ServiceError } from '../core/errors.ts';
import { refuseLongFrames, refuseShortFrames } from '../core/film/absurd-times.ts';
import { refuseMixedRanges } from '../core/film/changing-colours.ts';
import { shapeWarnings, withKinds } from '../core/film/changing-picture.ts';
import { withSoundChanges } from '../core/film/changing-sound.ts';
import type { CropArea, CropProposal } from '../core/film/crop-area.ts';
import type { PacketPlaces } from '../core/film/file-map.ts';
import type { FilmFields } from '../core/film/film-fields.ts';
import { withClosedClock, withFilmLength } from '../core/film/film-length.ts';
import type { FrameIndex } from '../core/film/frame-index.ts';
import { LIMITS, refuseOverLimits } from '../core/film/limits.ts';
import { mainVideo, type Probe, type Stream, type VideoFacts } from '../core/film/probe.ts';
import { layoutAdvice } from '../core/film/sphere-layout.ts';
import { requireEquirectangular } from '../core/film/spherical.ts';
import { judgedCrop } from '../core/filters/crop-proposal.ts';
import type { Source, StreamSurvey, Survey } from '../core/ports/film-reader.ts';
import type { Ports } from '../core/ports/ports.ts';
import { keyframeNumbers } from '../core/segments/borders.ts';
import { cutSource, type SourceCut } from '../core/segments/segments.ts';
import { hasSidecars } from '../core/settings/delivery.ts';
import type { Settings } from '../core/settings/settings.ts';
import { jumpsOf, jumpsTold, needsOneClock } from '../core/streams/clock-jumps.ts';
import { partialSoundTold } from '../core/streams/early-sound.ts';
import type { SubtitleBeside } from '../core/streams/subtitle-beside.ts';
import { withEmptyStreams } from '../core/streams/unusable-streams.ts';
import { toNumber } from '../core/units.ts';
import type { JobRequest } from './job-request.ts';
import { judgeDamage, type PictureKnown } from './judge-damage.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Tracking } from './tracking.ts';

/** All facts about a source, known before anything is made from it. */
export type SourceFacts = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly probe: Probe;
  readonly main: Stream & { readonly video: VideoFacts };
  readonly index: FrameIndex;
  readonly cut: SourceCut;
  readonly tickSeconds: number;
  readonly streams: readonly StreamSurvey[];
  /** The frames near which a decode of all of it found something wrong, if that is known. */
  readonly errorsAt?: readonly number[];
  /** Set where the file is a stretch of the film: the number of the film's frame with which it begins. */
  readonly firstFrame?: number;
  /** Where its packets lie, if that was asked for. */
  readonly places?: PacketPlaces;
  /** The evidence about missing frames; undefined for files of our own. */
  readonly known?: PictureKnown;
  /** Which of its frames are interlaced. */
  readonly fields: FilmFields;
  /** The picture's area without black bars, if the settings ask for it and it has some. */
  readonly crop?: CropArea | undefined;
  /** What was found of it, for people to see, whether it is cropped or not. */
  readonly proposal?: CropProposal | undefined;
  readonly warnings: readonly string[];
  /** The subtitles beside the source. */
  readonly beside?: readonly SubtitleBeside[];
  /** The path of the source's own bytes, if the file that was read was made from them. */
  readonly original?: string;
  /** How long the last picture is shown, if only the source says it. */
  readonly lastSeconds?: number;
  /** It was made of a sequence of pictures, which no single file could stand for. */
  readonly isSequence?: true;
};

export type FoundFile = { readonly path: string; readonly bytes: number; readonly sha256: string };
export type Context = Tracking & {
  readonly watch: Stopwatch;
  readonly settings: Partial<Settings>;
  /** Whether it is to be known where the packets lie. */
  readonly tellsPlaces?: boolean;
  /** The folder for a copy of a source that cannot be read as it lies; without it there is none. */
  readonly folder?: string | undefined;
};

/** Inspects a source, reads its packets, and cuts it. Throws what `FilmReader.inspect` throws, `over-limit` and `not-video`. */
export async function readSource(
  file: FoundFile,
  request: JobRequest,
  ports: Pick<Ports, 'reader' | 'maker'>,
  context: Context,
): Promise<SourceFacts> {
  const { reader } = ports;
  const { signal, watch } = context;
  const damaged = context.settings.damaged === 'accept' ? 'accept' : undefined;
  const {
    probe: inspected,
    warnings,
    promised,
    packets,
  } = await watch.time('probe', () => reader.inspect(file.path, signal, { damaged, packets: 'follow' }));
  refuseOverLimits(inspected);
  const stream = filmOf(inspected, request).index;
  const looked = { path: file.path, probe: inspected, stream, packets };
  const shapes = await watch.time('probe', () => reader.pictureShapes(looked, signal));
  const shaped = withKinds(inspected, stream, shapes);
  const main = filmOf(shaped, request);
  refuseLongFrames(main, shaped);
  refuseMixedRanges(main.video.colours, damaged);
  const source = { path: file.path, probe: shaped, stream, packets };
  if (request.recipe.spheres && context.settings.projection === undefined) {
    const told = [request.source, ...Object.values({ ...shaped.tags, ...main.tags })];
    requireEquirectangular(await reader.spherical(source, signal), request.source, layoutAdvice(told));
  }
  const progress = indexProgress(request, file, context);
  const { tellsPlaces = false } = context;
  const survey = await watch.time('index', () => reader.survey(source, { signal, onProgress: progress, tellsPlaces }));
  const onOneClock = await readOnOneClock({ file, probe: shaped, stream, survey }, { request, ports, context });
  if (onOneClock) return onOneClock;
  const ends = new Map(survey.streams.map((each) => [each.stream, each.endSeconds]));
  const timed = survey.jumps ? withClosedClock(shaped, ends) : withFilmLength(shaped, LIMITS.seconds, ends);
  const probe = withSoundChanges(withEmptyStreams(timed, survey.streams), survey.streams);
  refuseOverLimits(probe, survey.index.count);
  const known = { promised, survey };
  const about = { probe, main, settings: context.settings };
  const length = context.settings.segmentSeconds ?? { shortest: 10, longest: 60 };
  const trusted = survey.timesAreSound && probe.access === 'indexed' && survey.index.count > 0;
  const facts = {
    ...file,
    probe,
    main,
    known,
    streams: survey.streams,
    ...(survey.places && { places: survey.places }),
    warnings: [
      ...warnings,
      ...shapeWarnings(main.video),
      ...partialSoundTold(probe.streams),
      ...jumpsTold(
        (survey.jumps ?? []).filter((jump) => jump.stream === stream),
        probe.startSeconds,
      ),
      ...pictureWarnings(main.video, request),
    ],
  };
  const told = judgeDamage(known, about);
  const cut = trusted ? cutSource(survey.index, length) : undefined;
  const tickSeconds = toNumber(survey.index.timeBase);
  if (cut) refuseShortFrames(cut.times, tickSeconds);
  const timeline = cut && {
    ...{ times: cut.times, tickSeconds, fileStartSeconds: probe.startSeconds },
    keyframes: keyframeNumbers(survey.index),
  };
  const measured = () =>
    reader.measureFields(source, { durationSeconds: probe.durationSeconds ?? 0, timeline }, signal);
  const fields = request.fields ?? (await watch.time('probe', measured));
  const proposal =
    context.settings.crop === 'auto' && !main.video.shapes // bars come and go with the shapes
      ? await watch.time('probe', () => reader.proposeCrop(source, probe.durationSeconds ?? 0, signal))
      : undefined;
  const judged = proposal && judgedCrop(proposal, main.video);
  const looks = { fields, crop: judged?.crop, proposal };
  if (cut) {
    return {
      ...facts,
      warnings: [...facts.warnings, ...told, ...(judged?.warnings ?? [])],
      index: survey.index,
      cut,
      tickSeconds,
      ...looks,
    };
  }
  const frames = await readFrames(source, ports, context);
  refuseShortFrames(frames.cut.times, frames.tickSeconds);
  const warned = [...facts.warnings, ...judgeDamage(known, about, frames.index), ...(judged?.warnings ?? [])];
  return { ...facts, warnings: warned, ...frames, ...looks };
}

function filmOf(probe: Probe, { source }: JobRequest) {
  const main = mainVideo(probe);
  if (!main) throw new ServiceError('not-video', `${source} has no video stream`);
  return main;
}

type SurveyedFile = { readonly file: FoundFile; readonly survey: Survey } & Pick<Source, 'probe' | 'stream'>;
type ReadingWay = {
  readonly request: JobRequest;
  readonly ports: Pick<Ports, 'reader' | 'maker'>;
  readonly context: Context;
};

/** Reads recordings that were joined in one file from a copy with one clock, which must hold the packets of the source. */
async function readOnOneClock(
  { file, probe, stream, survey }: SurveyedFile,
  { request, ports, context }: ReadingWay,
): Promise<SourceFacts | undefined> {
  const { folder, watch, signal } = context;
  const { moves, jumps = [], streams } = survey;
  if (!moves || folder === undefined || !needsOneClock({ jumps, moves, picture: stream }, probe)) return undefined;
  const output = `${folder}/one-clock`;
  const task = { path: file.path, isProgram: probe.format === 'mpeg', moves, output };
  await watch.time('index', () => ports.maker.writeOnOneClock(task, signal));
  const facts = await readSource({ ...file, path: output }, request, ports, { ...context, folder: undefined });
  const isSame = streams.every(({ sha256 }, i) => facts.streams[i]?.sha256 === sha256);
  if (!isSame || facts.known?.survey.jumps) return undefined;
  const told = jumpsTold(jumpsOf(moves), probe.startSeconds);
  return { ...facts, original: file.path, warnings: [...told, ...facts.warnings] };
}

/** Reads a source by its decoded frames, because its packets do not tell the frames or tell them wrong. */
export async function readFrames(
  source: Source,
  { reader }: Pick<Ports, 'reader'>,
  { signal, watch, settings }: Context,
): Promise<Pick<SourceFacts, 'index' | 'cut' | 'tickSeconds' | 'errorsAt'>> {
  const { index, errorsAt } = await watch.time('index', () =>
    reader.surveyFrames(source, { signal, onProgress: () => {} }),
  );
  const cut = cutSource(index, settings.segmentSeconds ?? { shortest: 10, longest: 60 });
  if (!cut) throw new ServiceError('not-video', 'the file decodes to no frame at all');
  return { index, cut, tickSeconds: toNumber(index.timeBase), ...(errorsAt && { errorsAt }) };
}

function indexProgress(request: JobRequest, { bytes }: FoundFile, { emit }: Tracking) {
  let told = 0;
  return (done: number) => {
    if (done - told < bytes / 100) return;
    told = done;
    const nothing = { rendition: undefined, fps: undefined, speed: undefined, etaSeconds: undefined };
    emit({ type: 'progress', job: request.id, phase: 'index', done, total: bytes, unit: 'bytes', ...nothing });
  };
}

function pictureWarnings({ hasClosedCaptions }: VideoFacts, { recipe }: JobRequest): readonly string[] {
  const keepsCaptions = recipe.streams === true || recipe.renditions.some(({ delivery }) => hasSidecars(delivery));
  return [
    hasClosedCaptions &&
      !keepsCaptions &&
      'the closed captions inside the pictures (CEA-608/708) are lost: the encoder does not carry them',
  ].filter((warning) => typeof warning === 'string');
}
