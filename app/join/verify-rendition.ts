import { isLossless } from '../../core/codecs/encode-spec.ts';
import { chapterTimesIn, timesOfList } from '../../core/description/matroska-chapters.ts';
import { lastShownSeconds } from '../../core/encode/join-times.ts';
import { ServiceError } from '../../core/errors.ts';
import { presentationTimes } from '../../core/film/frame-index.ts';
import { asDelivered } from '../../core/filters/upright.ts';
import type { LookedOnce, QualityTask, WholeDecode } from '../../core/ports/measurer.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { isOnePass } from '../../core/quality/passes.ts';
import { sampleWindows, samplingFor } from '../../core/quality/sample.ts';
import { keyframeNumbers } from '../../core/segments/borders.ts';
import { taskGroup } from '../../core/task-group.ts';
import { times, toNumber } from '../../core/units.ts';
import type { Evidence } from '../../core/verify/evidence.ts';
import { madeAnotherWay, soundsOutOfPlace, streamsToBlame } from '../../core/verify/second-way.ts';
import type { Encoded } from '../encode/encode-segments.ts';
import { type Draft, type MadeRendition, type RenditionWork, timelineOf } from '../encode/work.ts';
import { progressMeter } from '../progress-meter.ts';
import { compareSounds, convertedSounds, copiedSounds, type SoundsOf } from './compare-sounds.ts';
import { endsBy, firstSeconds, secondsOf, ticksOf } from './evidence-times.ts';
import type { Joined } from './join-rendition.ts';
import { type OutputFound, readOutput } from './read-output.ts';
import { recordOf } from './rendition-record.ts';
import { framesOfSheet, picturesAtOnce, takePictures } from './take-pictures.ts';

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
    const { shown, pairs, heard, ...evidence } = await gather(draft, joined, work);
    const made = await recordOf(draft, { joined, evidence, count, heard }, work);
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

/** The evidence, and the frames that the report shows. */
type Gathered = Evidence & Pick<WholeDecode, 'shown'> & Pick<LookedOnce, 'pairs'> & Heard;

/** What decoders complain of in the sounds that a rendition copies from the source. */
type Heard = { readonly heard: readonly string[] };

async function gather(draft: Draft, joined: Joined, work: RenditionWork): Promise<Gathered> {
  const { request, ports, tracking } = work;
  const { source, rendition } = draft;
  const total = source.cut.times.length;
  const framesPerSecond = total / (source.probe.durationSeconds || total);
  const plan = { phase: 'verify' as const, rendition: rendition.name, total, framesPerSecond };
  const meter = progressMeter(request.id, plan, ports.clock, tracking.emit);
  const onProgress = (frames: number) => meter.running('decode', frames);
  const isAtOnce = looksOnce(draft, work);
  const decode = (signal: AbortSignal) =>
    ports.measurer.decodeFully(joined.path, { signal, onProgress }, framesOfSheet(draft));
  const found = await readOutput(draft, joined, work, async (signal) => (isAtOnce ? undefined : decode(signal)));
  const task = qualityTask(draft, found, work);
  const { signal } = tracking;
  const once = isAtOnce
    ? await ports.measurer.lookOnce(task, { signal, onProgress }, picturesAtOnce(draft))
    : undefined;
  const decoded = once?.decoded ?? found.decoded ?? (await decode(signal));
  meter.ended('decode', decoded.frames);
  const compared = await compareWithSource(draft, { task, found, once }, work);
  return {
    ...planned(draft),
    ...described(joined, found),
    decoded,
    shown: decoded.shown,
    ...compared,
    pairs: once?.pairs,
  };
}

/** Whether one decode of the rendition serves the check of its frames and the measure of its quality. */
function looksOnce({ spec, source: { cut } }: Draft, { settings }: RenditionWork): boolean {
  const windows = sampleWindows(cut.times.length, samplingFor(settings.vmaf !== undefined));
  return !isLossless(spec) && isOnePass(cut.times.length, { windows, sequential: cut.access === 'feed' });
}

const qualityTask = (
  { source, spec, rendition }: Draft,
  { path, probe, survey }: OutputFound,
  { settings, together, unsteady }: RenditionWork,
): QualityTask => ({
  source: { path: source.path, probe: source.probe, stream: source.main.index },
  ...timelineOf(source),
  spec,
  rendition: path,
  renditionTimes: presentationTimes(survey.index),
  renditionTickSeconds: toNumber(survey.index.timeBase),
  renditionStartSeconds: probe.startSeconds,
  renditionKeyframes: keyframeNumbers(survey.index),
  sequential: source.cut.access === 'feed',
  thorough: settings.vmaf !== undefined,
  unsteady,
  together: rendition.parent === 'source' ? together : undefined,
});

/** What one decode of a rendition has found already, if it was made. */
type LookedSoFar = { readonly task: QualityTask; readonly found: OutputFound; readonly once: LookedOnce | undefined };

/** Compares sounds and pictures of a rendition with those of its source. */
async function compareWithSource(
  draft: Draft,
  { task, found: { path, probe, main }, once }: LookedSoFar,
  { ports: { measurer, reader }, tracking }: RenditionWork,
): Promise<Pick<Evidence, 'sounds' | 'lossless' | 'quality' | 'warnings'> & Heard> {
  const { source, spec, plans, rendition } = draft;
  const firstShown = (task.renditionTimes.at(0) ?? 0) * task.renditionTickSeconds;
  const sound: SoundsOf = {
    source: { path: source.path, access: source.probe.access, firstFrameSeconds: firstSeconds(draft) },
    made: { path, access: probe.access, firstFrameSeconds: firstShown },
    pairs: convertedSounds(plans, source.streams, probe),
    timeFactor: spec.timeFactor,
    seconds: source.probe.durationSeconds ?? Number.POSITIVE_INFINITY,
  };
  // those of a parent are told with the parent
  const copied = rendition.parent === 'source' ? copiedSounds(plans, probe) : [];
  const made = { path, probe, stream: main?.index ?? 0 };
  const lossless = isLossless(spec);
  const options = (signal: AbortSignal) => ({ signal, onProgress: () => {} });
  const group = taskGroup(tracking.signal);
  const [sounds, heard, compared, measurement] = await group.all([
    group.run((signal) => compareSounds(sound, measurer, signal)),
    group.run((signal) => reader.soundDamage(made, copied, signal)),
    group.run(async (signal) => (lossless ? measurer.compareFrames(task, options(signal)) : undefined)),
    // frames that are equal by hash went through the same filters, which may be wrong
    group.run(async (signal) =>
      once || (lossless && !isFiltered(spec)) ? undefined : measured(task, measurer, options(signal)),
    ),
  ]);
  return { sounds, heard, lossless: compared, ...(measurement ?? { quality: once?.report }) };
}

/** What was planned of a rendition. */
const planned = (draft: Draft) => {
  const { source, spec, plans, rendition } = draft;
  return {
    spec,
    source: { probe: source.probe, video: asDelivered(source.main.video, rendition.delivery), streams: source.streams },
    seconds: secondsOf(draft),
    moved: source.moved,
    ticks: {
      times: ticksOf(draft),
      timeBase: spec.timeFactor ? times(source.index.timeBase, spec.timeFactor) : source.index.timeBase,
    },
    endsBySeconds: endsBy(draft),
    beginsAtSeconds: draft.beginsAt,
    plans,
    mainStream: source.main.index,
  };
};

/** How the file describes the film, as planned and as found. */
const described = (
  { plan, metadata: lines, notes }: Joined,
  { probe, main, survey, spherical, stream, metadata, matroska, marks, headers, chapters, inPictures }: OutputFound,
) => ({
  lastSeconds: plan.exactTimes && lastShownSeconds(plan.exactTimes),
  timecode: plan.timecode,
  reel: plan.reel,
  spherical: plan.spherical && { wanted: plan.spherical, found: spherical },
  metadata: {
    wanted: plan.metadata ?? [],
    found: metadata,
    lines,
    ...(plan.headers?.size && { headers: { wanted: plan.headers, found: headers } }),
  },
  notes: { wanted: notes.carried, found: inPictures },
  clap: plan.clap && { wanted: plan.clap, found: marks?.clap },
  spatial: plan.spatial?.length ? { wanted: plan.spatial, found: marks?.spatial ?? [] } : undefined,
  stereo: marks?.stereo,
  matroska: plan.matroska && { wanted: plan.matroska, found: matroska },
  chapters:
    plan.chapters === undefined
      ? undefined
      : {
          wanted: timesOfList(plan.chapters),
          found:
            chapters?.shown.map(({ from, to }) => ({ from: from + probe.startSeconds, to: to + probe.startSeconds })) ??
            (matroska?.chapters ? chapterTimesIn(matroska.chapters) : []),
        },
  output: { probe, survey },
  stream,
  codecString: main?.codecString ?? main?.codec ?? '',
});

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
