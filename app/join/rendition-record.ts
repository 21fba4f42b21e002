import { codecOf } from '../../core/codecs/index.ts';
import { streamedLanguage } from '../../core/description/language.ts';
import { listedFates, metadataTold, unlistedTold } from '../../core/description/metadata-told.ts';
import { withNotesTold } from '../../core/encode/plan-notes.ts';
import { whatIsLost } from '../../core/encode/what-is-lost.ts';
import { ServiceError } from '../../core/errors.ts';
import { fieldsOver, ONE_MOMENT_EACH } from '../../core/fields/film-fields.ts';
import { endOfFilm } from '../../core/film/fragments.ts';
import { type FrameIndex, type FrameTimes, presentationTimes } from '../../core/film/frame-index.ts';
import { hdrKind } from '../../core/film/hdr.ts';
import { LOST_ALPHA } from '../../core/film/pixel-format.ts';
import { mainVideo } from '../../core/film/probe.ts';
import { isMadeUpright, uprightTold } from '../../core/filters/upright.ts';
import type { RenditionRecord } from '../../core/job/manifest.ts';
import { renditionPath } from '../../core/job/result-place.ts';
import { isMetric } from '../../core/quality/metric.ts';
import { targetFor } from '../../core/quality/target.ts';
import { toolsText } from '../../core/renditions/remake.ts';
import { apartTold } from '../../core/streams/clock-jumps.ts';
import { channelsInStream, MOST_RUNG_CHANNELS } from '../../core/streams/delivered-streams.ts';
import { cutSoundTold } from '../../core/streams/sound-times.ts';
import { unheardTold } from '../../core/streams/unheard-sound.ts';
import { toNumber } from '../../core/units.ts';
import { type Enlargement, modelOf } from '../../core/upscale/enlargement.ts';
import { checksOf } from '../../core/verify/checks.ts';
import type { Evidence } from '../../core/verify/evidence.ts';
import { uncheckedSounds } from '../../core/verify/sound-checks.ts';
import { describeDamage } from '../encode/describe-damage.ts';
import type { Encoded } from '../encode/encode-segments.ts';
import type { Draft, MadeRendition, RenditionWork } from '../encode/work.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { Joined } from './join-rendition.ts';

/** A joined file, what was found in it, and what decoders said of its source: of its copied sounds, `heard`. */
type LookedAt = {
  readonly joined: Joined;
  readonly evidence: Evidence;
  readonly count: Encoded;
  readonly heard: readonly string[];
};

/**
 * Returns the manifest's record of a rendition from the evidence in its file, with its warnings, and its facts as a
 * parent.
 */
export async function recordOf(
  draft: Draft,
  { joined, evidence, count, heard }: LookedAt,
  work: RenditionWork,
): Promise<Omit<MadeRendition, 'file' | 'pictures'>> {
  const { request, ports, tracking, settings } = work;
  const { rendition, segments, spec, plans, source } = draft;
  const { path, plan } = joined;
  const { encoded, reused } = count;
  const frames = evidence.decoded.frames;
  const equal = { metric: 'lossless' as const, mean: 1, min: 1, sampledFrames: frames };
  const quality = evidence.lossless ? equal : (evidence.quality?.quality ?? equal);
  const sound = evidence.output.probe.streams.find(({ type }) => type === 'audio');
  const audio = evidence.stream && sound?.codecString;
  const record: RenditionRecord = {
    name: rendition.name,
    path: renditionPath(request, rendition.name, plan.container),
    ...(await ports.reader.fileInfo(path, tracking.signal)),
    parent: rendition.parent,
    codec: codecOf(spec).decodesAs,
    codecString: evidence.codecString,
    width: spec.size.width,
    height: spec.size.height,
    frames,
    durationSeconds: secondsOf(evidence),
    tickSeconds: toNumber(evidence.output.survey.index.timeBase),
    command: ports.maker.command(draft.spec),
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
    ...(audio !== undefined && { audioCodecString: audio, ...soundOf(plans, source) }),
    ...(evidence.stream && { frameRate: spec.frameRate, videoRange: hdrKind(spec.colour.transfer) ?? 'SDR' }),
    ...(spec.enlarge && { model: modelRecord(spec.enlarge) }),
    ...fieldsRecord(draft),
    metadata: [...listedFates(joined.metadata)],
  };
  const warnings = [
    ...source.warnings,
    ...whatIsLost(draft),
    ...joined.notes.told,
    ...metadataTold(joined.metadata),
    ...unlistedTold(joined.metadata),
    ...pictureTold(draft),
    ...chunksTold(draft, settings),
    ...cutSoundTold(draft.rendition.name, plans),
    ...unheardTold(plans, source.streams),
    ...apartTold(plans, source.streams),
    ...(evidence.warnings ?? []),
    ...uncheckedSounds(evidence.sounds),
    ...(await describeDamage(draft, { picture: count.damage, others: joined.damage, heard }, work)),
  ];
  return {
    record,
    plans: withNotesTold(plans, source.main, joined.notes.carried),
    series: evidence.quality?.series ?? [],
    warnings,
    ...seen(draft, path, evidence, record),
  };
}

/** The frames of a film of fields were counted before each became two pictures. */
function fieldsRecord({ deinterlacing, source: { fields, cut } }: Draft): Pick<RenditionRecord, 'fields'> {
  if (!deinterlacing) return {};
  const frames = (cut.fields ?? cut.among ?? cut).times.length;
  return { fields: { pictures: deinterlacing.pictures, parts: [...fieldsOver(fields, frames)] } };
}

/** What was done to the picture so that players show it as they show the source. */
const pictureTold = ({ rendition, source, spec, losses }: Draft): readonly string[] => [
  ...(isMadeUpright(rendition.delivery) ? uprightTold(source.main.video, spec.size) : []),
  ...(losses.includes(LOST_ALPHA) ? [`${rendition.name} shows black where the source is transparent`] : []),
];

/** HAP's chunks must divide the picture, so there may be fewer than a drop asks for. */
function chunksTold({ rendition, spec }: Draft, { chunks: asked }: RenditionWork['settings']): readonly string[] {
  if (spec.codec !== 'hap' || asked === undefined || spec.chunks === asked) return [];
  const blocks = (spec.size.width * spec.size.height) / 16;
  return [`${rendition.name} has ${spec.chunks} chunks a frame: ${asked} do not divide its ${blocks} blocks`];
}
/** Streaming players count by fragments, and an encoder's delay before the film's beginning is no part of it. */
const secondsOf = ({ stream, output }: Evidence): number =>
  stream ? endOfFilm(stream.fragments) : (output.probe.durationSeconds ?? 0);

const modelRecord = (enlarge: Enlargement): RenditionRecord['model'] => {
  const { id, version } = modelOf(enlarge);
  return { id, version, sha256: enlarge.sha256, device: enlarge.device };
};

const hasHashes = (index: FrameTimes): index is FrameIndex => 'hashes' in index;

/**
 * Returns the facts of the verified file. For its children it is cut where its own segments begin, so that keyframes stay
 * aligned.
 */
function seen(
  { source, segments }: Draft,
  path: string,
  { output, lastSeconds: lasts }: Evidence,
  record: RenditionRecord,
): Pick<MadeRendition, 'picture' | 'facts'> {
  const { probe, survey } = output;
  const { index } = survey;
  const { bytes, sha256 } = record;
  const main = mainVideo(probe);
  if (!main) throw new ServiceError('not-exact', 'the joined file has no picture');
  const picture = { path, probe, main };
  if (!hasHashes(index)) return { picture, facts: undefined };
  const ranges = segments.map(({ start, end }) => ({ start, end }));
  const facts: SourceFacts = {
    ...{ ...picture, bytes, sha256, streams: survey.streams, index },
    cut: { times: presentationTimes(index), ranges, access: 'seek' },
    tickSeconds: toNumber(index.timeBase),
    fields: ONE_MOMENT_EACH,
    warnings: source.warnings,
    sound: soundOfRecord(record),
    ...(lasts !== undefined && { lastSeconds: lasts }),
  };
  return { picture, facts };
}

/** Returns which stream of the source the sound of a rendition comes from, for those that are made of it. */
export const soundOfRecord = ({ soundStream, soundLanguage }: RenditionRecord): NonNullable<SourceFacts['sound']> => ({
  ...(soundStream !== undefined && { soundStream }),
  ...(soundLanguage !== undefined && { soundLanguage }),
});

/** A rendition that is made from another one has the sound of that one, whose streams have other numbers than those of the source. */
function soundOf(
  plans: Draft['plans'],
  source: Pick<SourceFacts, 'sound'>,
): Pick<RenditionRecord, 'soundLanguage' | 'soundChannels' | 'soundStream'> {
  const sound = plans.find(({ stream, codecArgs }) => stream.type === 'audio' && codecArgs)?.stream;
  if (!sound) return {};
  const inherited = source.sound?.soundStream === undefined ? undefined : source.sound;
  const language = streamedLanguage(sound.tags.language);
  return {
    ...(!inherited && language !== undefined && language !== 'und' && { soundLanguage: language }),
    ...(sound.audio && { soundChannels: channelsInStream(sound, MOST_RUNG_CHANNELS) }),
    ...(inherited ?? { soundStream: sound.index }),
  };
}
