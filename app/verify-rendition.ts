import { isLossless } from '../core/codecs/encode-spec.ts';
import { ServiceError } from '../core/errors.ts';
import { presentationTimes } from '../core/film/frame-index.ts';
import { mainVideo } from '../core/film/probe.ts';
import type { QualityTask, Source, WorkOptions } from '../core/ports/media.ts';
import { keyframeNumbers } from '../core/segments/borders.ts';
import { taskGroup } from '../core/task-group.ts';
import { times, toNumber } from '../core/units.ts';
import type { Evidence, Seconds } from '../core/verify/evidence.ts';
import { madeAnotherWay, streamsToBlame } from '../core/verify/second-way.ts';
import type { Encoded } from './encode-segments.ts';
import { delayOf, type Joined, tickSecondsOf } from './join-rendition.ts';
import { progressMeter } from './progress-meter.ts';
import { convertedSounds, readSounds, type SoundsOf } from './read-sounds.ts';
import type { SourceFacts } from './read-source.ts';
import { recordOf } from './rendition-record.ts';
import type { Draft, MadeRendition, RenditionWork } from './work.ts';

/** Reads a joined file back, every part of it, and says what was found; passes no judgement. */
export async function verifyRendition(
  draft: Draft,
  joined: Joined,
  work: RenditionWork,
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
function surveyOf(output: Source, { ports: { media }, hasChildren }: RenditionWork, signal: AbortSignal) {
  const options = { signal, onProgress: () => {} };
  return hasChildren ? media.survey(output, options) : media.surveyTimes(output, options);
}

async function gather(draft: Draft, { path, plan }: Joined, work: RenditionWork): Promise<Evidence> {
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
    timeFactor: spec.timeFactor,
  };
  const options = (either: AbortSignal) => ({ signal: either, onProgress: () => {} });
  const looks = taskGroup(signal);
  const [sounds, compared, measurement] = await looks.all([
    looks.run((either) => readSounds(sound, media, either)),
    looks.run(async (either) => (lossless ? media.compareFrames(task, options(either)) : undefined)),
    // frames that are equal by hash went through the same filters, which may be wrong
    looks.run(async (either) => (lossless && !isFiltered(spec) ? undefined : measured(task, media, options(either)))),
  ]);
  return {
    spec,
    source: { probe: source.probe, video: source.main.video, streams: source.streams },
    seconds: secondsOf(draft),
    ticks: {
      times: source.cut.times,
      timeBase: spec.timeFactor ? times(source.index.timeBase, spec.timeFactor) : source.index.timeBase,
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

/** Whether a filter gives the picture another size or other colours. */
const isFiltered = ({ filters }: Draft['spec']) => filters.some((filter) => /^z?scale=/.test(filter));

/** Measured again where that failed: by reading both from their beginnings, unless a program ended badly. */
async function measured(
  task: QualityTask,
  { measureQuality }: RenditionWork['ports']['media'],
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
  const [tick, delay] = [tickSecondsOf(source, spec.timeFactor), delayOf(rendition, source)];
  return { length: times.length, at: (frame) => (times.at(frame) ?? Number.NaN) * tick + delay };
}

async function streamEvidence(
  { rendition, source, spec, segments }: Draft,
  path: string,
  { media }: RenditionWork['ports'],
  signal: AbortSignal,
): Promise<NonNullable<Evidence['stream']>> {
  return {
    fragments: await media.fragments(path, signal),
    delaySeconds: delayOf(rendition, source),
    starts: segments.map(({ start }) => start),
    keyframeEvery: ('keyframeEvery' in spec && spec.keyframeEvery) || source.cut.times.length,
  };
}
