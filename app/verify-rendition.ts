import { isLossless } from '../core/codecs/encode-spec.ts';
import { codecOf } from '../core/codecs/index.ts';
import { ServiceError } from '../core/errors.ts';
import { type FrameIndex, type FrameTimes, presentationTimes } from '../core/film/frame-index.ts';
import { mainVideo } from '../core/film/probe.ts';
import type { RenditionRecord } from '../core/job/manifest.ts';
import type { QualityTask, Source, WorkOptions } from '../core/ports/media.ts';
import { isMetric } from '../core/quality/metric.ts';
import { targetFor } from '../core/quality/target.ts';
import { toolsText } from '../core/renditions/remake.ts';
import { keyframeNumbers } from '../core/segments/borders.ts';
import { taskGroup } from '../core/task-group.ts';
import { times, toNumber } from '../core/units.ts';
import { type Enlarge, modelOf } from '../core/upscale/enlargement.ts';
import { checksOf } from '../core/verify/checks.ts';
import type { Evidence, Seconds } from '../core/verify/evidence.ts';
import { madeAnotherWay, streamsToBlame } from '../core/verify/second-way.ts';
import { uncheckedSounds } from '../core/verify/sound-checks.ts';
import type { Encoded } from './encode-segments.ts';
import { delayOf, type Joined, tickSecondsOf } from './join-rendition.ts';
import { progressMeter } from './progress-meter.ts';
import { convertedSounds, readSounds, type SoundsOf } from './read-sounds.ts';
import type { SourceFacts } from './read-source.ts';
import type { Draft, MadeRendition, Work } from './work.ts';

/** Reads a joined file back, every part of it, and says what was found; passes no judgement. */
export async function verifyRendition(
  draft: Draft,
  joined: Joined,
  work: Work,
  count: Encoded,
): Promise<MadeRendition & { readonly toBlame: ReadonlySet<number> }> {
  await work.tracking.record({ status: 'verifying' });
  return work.watch.time('verify', async () => {
    const evidence = await gather(draft, joined, work);
    const made = await recordOf(draft, { joined, evidence, count }, work);
    return { ...made, file: joined.path, toBlame: streamsToBlame(evidence) };
  });
}

/** All of the file where others are made from it. */
function surveyOf(output: Source, { ports: { media }, hasChildren }: Work, signal: AbortSignal) {
  const options = { signal, onProgress: () => {} };
  return hasChildren ? media.survey(output, options) : media.surveyTimes(output, options);
}

async function gather(draft: Draft, { path, plan }: Joined, work: Work): Promise<Evidence> {
  const { request, ports, tracking, settings } = work;
  const { source, spec, plans, rendition } = draft;
  const { media } = ports;
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
  const { probe } = await media.inspect(path, signal);
  const output = { path, probe, stream: mainVideo(probe)?.index ?? 0 };
  const onProgress = (frames: number) => meter.running('decode', frames);
  const group = taskGroup(signal);
  const [decoded, survey, codecString, found, stream] = await group.all([
    group.run((either) => media.decodeFully(path, { signal: either, onProgress })),
    group.run((either) => surveyOf(output, work, either)),
    group.run((either) => media.codecString(path, either)),
    group.run(async (either) => plan.spherical && media.spherical(output, either)),
    group.run(async (either) => (isStream ? streamEvidence(draft, path, ports, either) : undefined)),
  ]);
  meter.ended('decode', decoded.frames);
  const shown = presentationTimes(survey.index);
  const task: QualityTask = {
    source: { path: source.path, probe: source.probe, stream: source.main.index },
    times: source.cut.times,
    tickSeconds: toNumber(source.index.timeBase),
    keyframes: keyframeNumbers(source.index),
    spec,
    rendition: path,
    renditionTimes: shown,
    renditionTickSeconds: toNumber(survey.index.timeBase),
    renditionKeyframes: keyframeNumbers(survey.index),
    sequential: source.cut.access === 'feed',
    thorough: settings.vmaf !== undefined,
  };
  const lossless = isLossless(spec);
  const sound: SoundsOf = {
    source: { path: source.path, access: source.probe.access, firstFrameSeconds: firstSeconds(source) },
    made: { path, access: probe.access, firstFrameSeconds: (shown.at(0) ?? 0) * toNumber(survey.index.timeBase) },
    pairs: convertedSounds(plans, source.streams, probe),
    slower: spec.slower,
  };
  const options = (either: AbortSignal) => ({ signal: either, onProgress: () => {} });
  const looks = taskGroup(signal);
  const [sounds, compared, measurement] = await looks.all([
    looks.run((either) => readSounds(sound, media, either)),
    looks.run(async (either) => (lossless ? media.compareFrames(task, options(either)) : undefined)),
    looks.run(async (either) => (lossless ? undefined : measured(task, media, options(either)))),
  ]);
  return {
    spec,
    source: { probe: source.probe, video: source.main.video, streams: source.streams },
    seconds: secondsOf(draft),
    ticks: {
      times: source.cut.times,
      timeBase: spec.slower ? times(source.index.timeBase, spec.slower) : source.index.timeBase,
    },
    lastSeconds: plan.exactTimes?.last?.lasts,
    plans,
    mainStream: source.main.index,
    timecode: plan.timecode,
    spherical: plan.spherical && { wanted: plan.spherical, found },
    output: { probe, survey },
    decoded,
    stream,
    codecString,
    sounds,
    lossless: compared,
    ...(measurement ?? { quality: undefined }),
  };
}

/** Measured again where that failed: by reading both from their beginnings, unless a program ended badly. */
async function measured(
  task: QualityTask,
  { measureQuality }: Work['ports']['media'],
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

const firstSeconds = ({ cut, tickSeconds }: SourceFacts) => (cut.times.at(0) ?? 0) * tickSeconds;

/** When each frame is to be shown in the rendition. */
function secondsOf({ source, spec, rendition }: Draft): Seconds {
  const { times } = source.cut;
  const [tick, delay] = [tickSecondsOf(source, spec.slower), delayOf(rendition, source)];
  return { length: times.length, at: (frame) => (times.at(frame) ?? Number.NaN) * tick + delay };
}

async function streamEvidence(
  { rendition, source, spec, segments }: Draft,
  path: string,
  { media }: Work['ports'],
  signal: AbortSignal,
): Promise<NonNullable<Evidence['stream']>> {
  return {
    fragments: await media.fragments(path, signal),
    delaySeconds: delayOf(rendition, source),
    starts: segments.map(({ start }) => start),
    keyframeEvery: ('keyframeEvery' in spec && spec.keyframeEvery) || source.cut.times.length,
  };
}

async function recordOf(
  draft: Draft,
  { joined, evidence, count }: { readonly joined: Joined; readonly evidence: Evidence; readonly count: Encoded },
  { ports, tracking, settings }: Work,
): Promise<Omit<MadeRendition, 'file'>> {
  const { rendition, segments, spec, plans, source } = draft;
  const { path, plan } = joined;
  const { encoded, reused } = count;
  const options = { signal: tracking.signal, onProgress: () => {} };
  const frames = evidence.decoded.frames;
  const quality = evidence.quality?.quality ?? { metric: 'lossless' as const, mean: 1, min: 1, sampledFrames: frames };
  const audio = evidence.stream && (await ports.media.soundCodecString(path, tracking.signal));
  const record: RenditionRecord = {
    name: rendition.name,
    path: `${rendition.name}.${plan.container}`,
    bytes: evidence.output.probe.bytes,
    sha256: await ports.media.hash(path, options),
    parent: rendition.parent,
    codec: codecOf(spec).decodesAs,
    codecString: evidence.codecString,
    width: spec.size.width,
    height: spec.size.height,
    frames,
    durationSeconds: evidence.output.probe.durationSeconds ?? 0,
    tickSeconds: toNumber(evidence.output.survey.index.timeBase),
    command: ports.media.command(draft.spec),
    tool: toolsText(spec.tools),
    segments: { total: segments.length, encoded, reused, starts: segments.map(({ start }) => start) },
    parentSha256: source.sha256,
    quality: {
      ...quality,
      ...(settings.vmaf !== undefined &&
        isMetric(quality.metric) && { target: targetFor(quality.metric, settings.vmaf).score }),
      ...(draft.projected !== undefined && { projected: draft.projected }),
    },
    checks: [...checksOf(evidence)],
    ...(audio !== undefined && { audioCodecString: audio, ...soundOf(plans) }),
    ...(evidence.stream && { videoRange: videoRangeOf(spec.colour.transfer) }),
    ...(spec.enlarge && { model: modelRecord(spec.enlarge) }),
  };
  const losses = draft.losses.map(
    (loss) => `${rendition.name} cannot hold ${loss} of ${source.main.video.pixelFormat}`,
  );
  const warnings = [
    ...source.warnings,
    ...losses,
    ...(evidence.warnings ?? []),
    ...uncheckedSounds(evidence.sounds),
    ...damageWarnings([...count.damage, ...joined.damage]),
  ];
  return {
    record,
    plans,
    series: evidence.quality?.series ?? [],
    warnings,
    ...seen(draft, path, evidence, record),
  };
}

const modelRecord = (enlarge: Enlarge): RenditionRecord['model'] => {
  const { id, version } = modelOf(enlarge);
  return { id, version, sha256: enlarge.sha256, device: enlarge.device };
};

const hasHashes = (index: FrameTimes): index is FrameIndex => 'hashes' in index;

/** The verified file; as others are made from it, where they are: cut where its own segments begin, so that keyframes stay in step. */
function seen(
  { source, segments }: Draft,
  path: string,
  { output, lastSeconds: lasts }: Evidence,
  { bytes, sha256 }: RenditionRecord,
): Pick<MadeRendition, 'picture' | 'facts'> {
  const { probe, survey } = output;
  const { index } = survey;
  const main = mainVideo(probe);
  if (!main) throw new ServiceError('not-exact', 'the joined file has no picture');
  const picture = { path, probe, main };
  if (!hasHashes(index)) return { picture, facts: undefined };
  const ranges = segments.map(({ start, end }) => ({ start, end }));
  const facts: SourceFacts = {
    ...{ ...picture, bytes, sha256, streams: survey.streams, index },
    cut: { times: presentationTimes(index), ranges, access: 'seek' },
    tickSeconds: toNumber(index.timeBase),
    interlaced: false,
    warnings: source.warnings,
    ...(lasts !== undefined && { lastSeconds: lasts }),
  };
  return { picture, facts };
}

/** Damage inside the source is no reason to refuse it; what its decoders say of it is passed on, once. */
function damageWarnings(said: readonly string[]): readonly string[] {
  const first = said.find((line) => !/^\s*Last message repeated/.test(line));
  return first === undefined ? [] : [`the source is damaged in places, and decodes with errors there: ${first}`];
}

function soundOf(plans: Draft['plans']): Pick<RenditionRecord, 'soundLanguage' | 'soundChannels'> {
  const sound = plans.find(({ stream, codecArgs }) => stream.type === 'audio' && codecArgs)?.stream;
  const { language } = sound?.tags ?? {};
  return {
    ...(language !== undefined && language !== 'und' && { soundLanguage: language }),
    ...(sound?.audio && { soundChannels: sound.audio.channels }),
  };
}

/** HLS's names (RFC 8216bis 4.4.6.2): PQ is SMPTE ST 2084, HLG is ARIB STD-B67. */
function videoRangeOf(transfer: string | undefined): 'SDR' | 'PQ' | 'HLG' {
  if (transfer === 'smpte2084') return 'PQ';
  return transfer === 'arib-std-b67' ? 'HLG' : 'SDR';
}
