import { isLossless } from '../core/codecs/encode-spec.ts';
import type { MetadataFate } from '../core/description/metadata.ts';
import { ServiceError } from '../core/errors.ts';
import { presentationTimes } from '../core/film/frame-index.ts';
import { mainVideo } from '../core/film/probe.ts';
import { asDelivered } from '../core/filters/upright.ts';
import type { Source } from '../core/ports/film-reader.ts';
import type { LookedOnce, QualityTask, WholeDecode } from '../core/ports/measurer.ts';
import type { WorkOptions } from '../core/ports/work-options.ts';
import { isOnePass } from '../core/quality/passes.ts';
import { sampleWindows, samplingFor } from '../core/quality/sample.ts';
import { keyframeNumbers } from '../core/segments/borders.ts';
import { plannedKeyframes } from '../core/segments/keyframes.ts';
import { firstTicks } from '../core/streams/film-span.ts';
import { taskGroup } from '../core/task-group.ts';
import { times, toNumber } from '../core/units.ts';
import type { Evidence, Seconds } from '../core/verify/evidence.ts';
import { endOfSource } from '../core/verify/film-end.ts';
import { madeAnotherWay, soundsOutOfPlace, streamsToBlame } from '../core/verify/second-way.ts';
import type { Encoded } from './encode-segments.ts';
import { delayOf, type Joined, tickSecondsOf } from './join-rendition.ts';
import { progressMeter } from './progress-meter.ts';
import { convertedSounds, readSounds, type SoundsOf } from './read-sounds.ts';
import { recordOf } from './rendition-record.ts';
import { framesOfSheet, picturesAtOnce, takePictures } from './take-pictures.ts';
import { type Draft, type MadeRendition, type RenditionWork, timelineOf } from './work.ts';

/** The streams that failed their checks, and the converted sounds among them that are not in their place. */
type Blamed = { readonly toBlame: ReadonlySet<number>; readonly outOfPlace: ReadonlySet<number> };

/** Reads a joined file completely, and returns the evidence without judging it. */
export async function verifyRendition(
  draft: Draft,
  joined: Joined,
  work: RenditionWork,
  count: Encoded,
): Promise<MadeRendition & Blamed> {
  await work.tracking.record({ status: 'verifying' });
  return work.watch.time('verify', async () => {
    const { shown, pairs, ...evidence } = await gather(draft, joined, work);
    const made = await recordOf(draft, { joined, evidence, count }, work);
    const pictures = await takePictures(draft, { path: joined.path, shown, pairs }, evidence, work);
    return {
      ...made,
      pictures,
      file: joined.path,
      toBlame: streamsToBlame(evidence),
      outOfPlace: soundsOutOfPlace(evidence),
    };
  });
}

/** Surveys the output, with the hashes of packets if other renditions are made from it. */
function surveyOf(output: Source, { ports: { reader }, hasChildren }: RenditionWork, signal: AbortSignal) {
  const options = { signal, onProgress: () => {} };
  return hasChildren ? reader.survey(output, options) : reader.surveyTimes(output, options);
}

/** What cannot be read of a file that was made here is no fault of its source. */
function neverOfInput(error: unknown): never {
  if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
  throw new ServiceError('not-exact', `the finished file cannot be read (${error.message})`, {}, { cause: error });
}

/** `shown` and `pairs` are frames for the report. */
type Gathered = Evidence & Pick<WholeDecode, 'shown'> & Pick<LookedOnce, 'pairs'>;

async function gather(
  draft: Draft,
  { path, plan, metadata: lines, notes }: Joined,
  work: RenditionWork,
): Promise<Gathered> {
  const { request, ports, tracking, settings } = work;
  const { source, spec, plans, rendition } = draft;
  const { reader, measurer } = ports;
  const { signal } = tracking;
  const isStream = rendition.delivery === 'stream';
  const total = source.cut.times.length;
  const framesPerSecond = total / (source.probe.durationSeconds || total);
  const meter = progressMeter(
    request.id,
    { phase: 'verify', rendition: rendition.name, total, framesPerSecond },
    ports.clock,
    tracking.emit,
  );
  const { probe, packets } = await reader.inspect(path, signal, { packets: 'follow' }).catch(neverOfInput);
  const main = mainVideo(probe);
  const output = { path, probe, stream: main?.index ?? 0, packets };
  const onProgress = (frames: number) => meter.running('decode', frames);
  const lossless = isLossless(spec);
  const windows = sampleWindows(total, samplingFor(settings.vmaf !== undefined));
  const atOnce = !lossless && isOnePass(total, { windows, sequential: source.cut.access === 'feed' });
  const decode = (either: AbortSignal) =>
    measurer.decodeFully(path, { signal: either, onProgress }, framesOfSheet(draft));
  const group = taskGroup(signal);
  const [first, survey, found, stream, metadata, matroska, marks, headers] = await group.all([
    group.run(async (either) => (atOnce ? undefined : decode(either))),
    group.run((either) => surveyOf(output, work, either)),
    group.run(async (either) => plan.spherical && reader.spherical(output, either)),
    group.run(async (either) => (isStream ? streamEvidence(draft, path, ports, either) : undefined)),
    group.run(async (either) => (lines.length > 0 ? reader.metadata(output, either) : [])),
    group.run(async (either) => (plan.matroska ? reader.matroska(output, either) : undefined)),
    group.run(async (either) => (plan.clap || saysEyes(lines) ? reader.pictureMarks(output, either) : undefined)),
    group.run(async (either) => (plan.headers?.size ? reader.movieHeaders(output, either) : undefined)),
  ]);
  const spool = `${path}.found-notes`;
  const inPictures =
    notes.carried.length > 0 ? await reader.pictureNotes({ source: output, index: survey.index, spool }, signal) : [];
  const shown = presentationTimes(survey.index);
  const task: QualityTask = {
    source: { path: source.path, probe: source.probe, stream: source.main.index },
    ...timelineOf(source),
    spec,
    rendition: path,
    renditionTimes: shown,
    renditionTickSeconds: toNumber(survey.index.timeBase),
    renditionStartSeconds: probe.startSeconds,
    renditionKeyframes: keyframeNumbers(survey.index),
    sequential: source.cut.access === 'feed',
    thorough: settings.vmaf !== undefined,
  };
  const once = atOnce ? await measurer.lookOnce(task, { signal, onProgress }, picturesAtOnce(draft)) : undefined;
  const decoded = once?.decoded ?? first ?? (await decode(signal));
  meter.ended('decode', decoded.frames);
  const sound: SoundsOf = {
    source: { path: source.path, access: source.probe.access, firstFrameSeconds: firstSeconds(draft) },
    made: { path, access: probe.access, firstFrameSeconds: (shown.at(0) ?? 0) * toNumber(survey.index.timeBase) },
    pairs: convertedSounds(plans, source.streams, probe),
    timeFactor: spec.timeFactor,
  };
  const options = (either: AbortSignal) => ({ signal: either, onProgress: () => {} });
  const looks = taskGroup(signal);
  const [sounds, compared, measurement] = await looks.all([
    looks.run((either) => readSounds(sound, measurer, either)),
    looks.run(async (either) => (lossless ? measurer.compareFrames(task, options(either)) : undefined)),
    // frames that are equal by hash went through the same filters, which may be wrong
    looks.run(async (either) =>
      once || (lossless && !isFiltered(spec)) ? undefined : measured(task, measurer, options(either)),
    ),
  ]);
  return {
    spec,
    source: { probe: source.probe, video: asDelivered(source.main.video, rendition.delivery), streams: source.streams },
    seconds: secondsOf(draft),
    ticks: {
      times: ticksOf(draft),
      timeBase: spec.timeFactor ? times(source.index.timeBase, spec.timeFactor) : source.index.timeBase,
    },
    lastSeconds: plan.exactTimes?.last?.lasts,
    endsBySeconds: endsBy(draft),
    beginsAtSeconds: draft.beginsAt,
    plans,
    mainStream: source.main.index,
    timecode: plan.timecode,
    reel: plan.reel,
    spherical: plan.spherical && { wanted: plan.spherical, found },
    metadata: {
      wanted: plan.metadata ?? [],
      found: metadata,
      lines,
      ...(plan.headers?.size && { headers: { wanted: plan.headers, found: headers } }),
    },
    notes: { wanted: notes.carried, found: inPictures },
    clap: plan.clap && { wanted: plan.clap, found: marks?.clap },
    stereo: marks?.stereo,
    matroska: plan.matroska && { wanted: plan.matroska, found: matroska },
    output: { probe, survey },
    decoded,
    shown: decoded.shown,
    stream,
    codecString: main?.codecString ?? main?.codec ?? '',
    sounds,
    lossless: compared,
    ...(measurement ?? { quality: once?.report }),
    pairs: once?.pairs,
  };
}

/** Whether a filter gives the picture another size or other colours. */
const isFiltered = ({ filters }: Draft['spec']) => filters.some((filter) => /^z?scale=/.test(filter));

/** Measures the quality. If that fails, it measures again, from the beginning of both files unless a program crashed. */
async function measured(
  task: QualityTask,
  { measureQuality }: RenditionWork['ports']['measurer'],
  options: WorkOptions,
): Promise<Pick<Evidence, 'quality' | 'warnings'>> {
  try {
    return { quality: await measureQuality(task, options) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
    const crashed = 'command' in error.details;
    const again = { ...task, sequential: task.sequential || !crashed };
    const how = crashed ? 'measured again' : 'measured from the beginning';
    return {
      quality: await measureQuality(again, options),
      warnings: [madeAnotherWay(how, error.message)],
    };
  }
}

/** When the rendition's first frame is shown, in seconds of the source. */
const firstSeconds = (draft: Draft) => (ticksOf(draft).at(0) ?? 0) * draft.source.tickSeconds;

/** When the source has ended, in seconds of the rendition. Only an animation itself says how long its last picture is shown. */
function endsBy(draft: Draft): number | undefined {
  const { probe, streams, main, cut, tickSeconds, lastSeconds } = draft.source;
  const { timeFactor } = draft.spec;
  const end =
    lastSeconds === undefined
      ? endOfSource({ probe, streams, picture: main.index })
      : (cut.times.at(-1) ?? 0) * tickSeconds + lastSeconds;
  return end === undefined ? undefined : end * (timeFactor ? toNumber(timeFactor) : 1) + delayOf(draft);
}

/** When each frame is to be shown in the rendition. */
function secondsOf(draft: Draft): Seconds {
  const { source, spec } = draft;
  const [times, tick, delay] = [ticksOf(draft), tickSecondsOf(source, spec.timeFactor), delayOf(draft)];
  return { length: times.length, at: (frame) => (times.at(frame) ?? Number.NaN) * tick + delay };
}

/**
 * Returns the times of the frames in ticks of the source. The first picture of a streamed film may be shown earlier than in
 * the source.
 */
function ticksOf({ source: { cut, tickSeconds }, film }: Draft): Seconds {
  const { times } = cut;
  const first = firstTicks(times.at(0) ?? Number.NaN, film, tickSeconds);
  const isFirst = (frame: number) => frame === 0 || frame === -times.length;
  return { length: times.length, at: (frame) => (isFirst(frame) ? first : times.at(frame)) };
}

async function streamEvidence(
  draft: Draft,
  path: string,
  { reader }: RenditionWork['ports'],
  signal: AbortSignal,
): Promise<NonNullable<Evidence['stream']>> {
  const { source, spec, segments } = draft;
  return {
    fragments: await reader.fragments(path, signal),
    delaySeconds: delayOf(draft),
    keyframes: plannedKeyframes(segments, ('keyframeEvery' in spec && spec.keyframeEvery) || source.cut.times.length),
  };
}

/** Whether a rendition is said to hold the mark of two eyes. */
const saysEyes = (lines: readonly MetadataFate[]): boolean =>
  lines.some(({ name, fate }) => name === 'frame packing' && fate !== 'dropped');
