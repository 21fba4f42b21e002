import { ServiceError } from '../../core/errors.ts';
import type { FilmFields } from '../../core/fields/film-fields.ts';
import { refuseShortFrames } from '../../core/film/absurd-times.ts';
import { isSequential } from '../../core/film/access.ts';
import { shapeWarnings } from '../../core/film/changing-picture.ts';
import { withSoundChanges } from '../../core/film/changing-sound.ts';
import type { CropArea, CropProposal } from '../../core/film/crop-area.ts';
import type { PacketPlaces } from '../../core/film/file-map.ts';
import { withContinuousLengths, withFilmLength } from '../../core/film/film-length.ts';
import type { FrameIndex } from '../../core/film/frame-index.ts';
import { LIMITS, refuseOverLimits } from '../../core/film/limits.ts';
import type { Probe, Stream, VideoFacts } from '../../core/film/probe.ts';
import { type SharedTimes, sharedTimesTold } from '../../core/film/shared-times.ts';
import { judgedCrop } from '../../core/filters/crop-proposal.ts';
import type { RenditionRecord } from '../../core/job/manifest.ts';
import type { Source, StreamSurvey, Survey } from '../../core/ports/film-reader.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { soundsInTurn } from '../../core/recordings/sounds-in-turn.ts';
import { keyframeNumbers } from '../../core/segments/borders.ts';
import { cutSource, type SourceCut } from '../../core/segments/segments.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { jumpsOf, jumpsTold, needsOneClock } from '../../core/streams/clock-jumps.ts';
import { partialSoundTold } from '../../core/streams/early-sound.ts';
import { stoppedTold } from '../../core/streams/stopped-streams.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import { withEmptyStreams } from '../../core/streams/unusable-streams.ts';
import { toNumber } from '../../core/units.ts';
import type { JobRequest } from '../job-request.ts';
import type { Tracking } from '../tracking.ts';
import { type FoundFile, inspectFilm, type ReadingContext } from './inspect-film.ts';
import { judgeDamage, type PictureKnown } from './judge-damage.ts';
import { pictureWarnings } from './picture-warnings.ts';
import { withShapedParts } from './shaped-film.ts';

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
  /** The frames that are shown later than the source says, since another one has their time. */
  readonly moved?: SharedTimes;
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
  /** The crop proposal that the report shows, whether the film is cropped or not. */
  readonly proposal?: CropProposal | undefined;
  readonly warnings: readonly string[];
  /** Set for a Matroska that we wrote of the source: whether the source named the program that had written it. */
  readonly rewritten?: { readonly namedProgram: boolean };
  /** The subtitles beside the source. */
  readonly beside?: readonly SubtitleBeside[];
  /** The path of the source's own bytes, if the file that was read was made from them. */
  readonly original?: string;
  /** How many files about as large as the source were made of it, and lie beside it as long as it is read; none if absent. */
  readonly copies?: number;
  /** How long the last picture is shown, if only the source says it. */
  readonly lastSeconds?: number;
  /** Which stream of the source the sound comes from, and in which language it is, where this is a rendition from which others are made. */
  readonly sound?: Pick<RenditionRecord, 'soundStream' | 'soundLanguage'>;
  /** True where the film was made of numbered pictures, which are no single file. */
  readonly isSequence?: true;
};

/**
 * Inspects a source, reads its packets, and cuts it. Throws what `FilmReader.inspect` throws, `over-limit`, `not-video`, and `bad-input`
 * where too much of it is missing, or its times or colours are impossible.
 */
export async function readSource(
  file: FoundFile,
  request: JobRequest,
  ports: Pick<Ports, 'reader' | 'maker'>,
  context: ReadingContext,
): Promise<SourceFacts> {
  const { settings, tellsPlaces = false, folder } = context;
  const { source, main, promised, warnings } = await inspectFilm(file, request, ports, context);
  const options = { signal: context.signal, onProgress: indexProgress(request, file, context), tellsPlaces, folder };
  const survey = await context.watch.time('index', () => ports.reader.survey(source, options));
  const onOneClock = await readOnOneClock({ file, source, survey }, { request, ports, context });
  if (onOneClock) return onOneClock;
  const probe = probeBy(survey, source.probe);
  refuseOverLimits(probe, survey.index.count);
  const known = { promised, survey };
  const about = { probe, main, settings };
  const told = judgeDamage(known, about);
  const packets = cutByPackets(survey, probe, settings);
  const { told: cropTold, ...looks } = await lookAtPictures(
    { source, probe, main, packets },
    { request, ports, context },
  );
  const { byOneThread, ...frames }: FramesRead = packets ?? (await readFrames(source, ports, context));
  if (!packets) refuseShortFrames(frames.cut.times, frames.tickSeconds);
  const decoded = byOneThread ? { ...probe, byOneThread } : probe;
  const film = await withShapedParts({ ...source, probe: decoded }, { main, cut: frames.cut }, { ports, context });
  const jumps = (survey.jumps ?? []).filter(({ stream }) => stream === source.stream);
  return {
    ...{ ...file, probe: decoded, known, streams: survey.streams },
    ...(survey.places && { places: survey.places }),
    ...{ ...frames, ...film, ...looks },
    warnings: [
      ...warnings,
      ...shapeWarnings(main.video),
      ...partialSoundTold(probe.streams),
      ...jumpsTold(jumps, probe.startSeconds),
      ...soundsInTurn(probe, survey.streams),
      ...stoppedTold(probe, survey),
      ...pictureWarnings(main, request, settings),
      ...(packets ? told : judgeDamage(known, about, frames.index)),
      ...sharedTimesTold(frames.moved),
      ...cropTold,
    ],
  };
}

/** Returns the probe with what only the packets tell: how long the film is, which streams are empty, and where sound changes its format. */
function probeBy({ streams, jumps, stopped = [] }: Survey, probe: Probe): Probe {
  const ends = new Map(streams.map((each) => [each.stream, each.endSeconds]));
  const timed = jumps ? withContinuousLengths(probe, ends) : withFilmLength(probe, LIMITS.seconds, ends);
  const read = streams.filter(({ stream }) => !stopped.includes(stream)); // the first packet of a stream may be the broken one
  return withSoundChanges(withEmptyStreams(timed, read), streams);
}

type FramesCut = Pick<SourceFacts, 'index' | 'cut' | 'tickSeconds'>;
type FramesRead = FramesCut & Pick<SourceFacts, 'errorsAt' | 'moved'> & Pick<Probe, 'byOneThread'>;

/** Cuts a film by its packets; undefined where these do not tell its frames, or tell them wrong. Throws `bad-input`. */
function cutByPackets(
  { index, timesAreSound }: Survey,
  probe: Probe,
  settings: Partial<Settings>,
): FramesCut | undefined {
  if (!timesAreSound || isSequential(probe.access) || index.count === 0) return undefined;
  const cut = cutSource(index, settings.segmentSeconds ?? USUAL_SEGMENT);
  const tickSeconds = toNumber(index.timeBase);
  if (cut) refuseShortFrames(cut.times, tickSeconds);
  return cut && { index, cut, tickSeconds };
}

type ToLookAt = Pick<SourceFacts, 'probe' | 'main'> & {
  readonly source: Source;
  readonly packets: FramesCut | undefined;
};
type PicturesLookedAt = Pick<SourceFacts, 'fields' | 'crop' | 'proposal'> & { readonly told: readonly string[] };

/** Decodes parts of a film to learn which frames are interlaced, and where black bars lie if that is asked for. */
async function lookAtPictures(
  { source, probe, main, packets }: ToLookAt,
  { request, ports: { reader }, context: { settings, signal, watch } }: ReadingWay,
): Promise<PicturesLookedAt> {
  const { durationSeconds = 0 } = probe;
  const timeline = packets && {
    ...{ times: packets.cut.times, tickSeconds: packets.tickSeconds, fileStartSeconds: probe.startSeconds },
    keyframes: keyframeNumbers(packets.index),
  };
  const measured = () => reader.measureFields(source, { durationSeconds, timeline }, signal);
  const fields = request.fields ?? (await watch.time('probe', measured));
  const isCropped = settings.crop === 'auto' && !main.video.shapes; // bars come and go with the shapes
  const proposal = isCropped
    ? await watch.time('probe', () => reader.proposeCrop(source, durationSeconds, signal))
    : undefined;
  const judged = proposal && judgedCrop(proposal, main.video);
  return { fields, crop: judged?.crop, proposal, told: judged?.warnings ?? [] };
}

/** How long segments are where no setting says it. */
const USUAL_SEGMENT = { shortest: 10, longest: 60 };

type SurveyedFile = { readonly file: FoundFile; readonly source: Source; readonly survey: Survey };
type ReadingWay = {
  readonly request: JobRequest;
  readonly ports: Pick<Ports, 'reader' | 'maker'>;
  readonly context: ReadingContext;
};

/**
 * Reads joined recordings from a copy that has one clock. Returns undefined where none is needed, or where the packets of the copy differ
 * from those of the source.
 */
async function readOnOneClock(
  { file, source: { probe, stream }, survey }: SurveyedFile,
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
  return { ...facts, original: file.path, copies: 1, warnings: [...told, ...facts.warnings] };
}

/**
 * Reads a source by its decoded frames, because its packets do not tell the frames or tell them wrong. A damaged source is decoded once
 * more by one thread, as it is from then on: several threads make something else of the damage now and then.
 */
export async function readFrames(
  source: Source,
  ports: Pick<Ports, 'reader'>,
  context: ReadingContext,
): Promise<FramesRead> {
  const { signal, watch, settings } = context;
  const { index, errorsAt, moved } = await watch.time('index', () =>
    ports.reader.surveyFrames(source, { signal, onProgress: () => {} }),
  );
  const isDamaged = errorsAt === undefined || errorsAt.length > 0;
  if (isDamaged && !source.probe.byOneThread) {
    const probe = { ...source.probe, byOneThread: true as const };
    return { ...(await readFrames({ ...source, probe }, ports, context)), byOneThread: true };
  }
  const cut = cutSource(index, settings.segmentSeconds ?? USUAL_SEGMENT);
  if (!cut) throw new ServiceError('not-video', 'the file decodes to no frame at all');
  return { index, cut, tickSeconds: toNumber(index.timeBase), ...(errorsAt && { errorsAt }), ...(moved && { moved }) };
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
