import { codecOf } from '../core/codecs/index.ts';
import { ServiceError } from '../core/errors.ts';
import { type FrameIndex, type FrameTimes, presentationTimes } from '../core/film/frame-index.ts';
import { mainVideo } from '../core/film/probe.ts';
import type { RenditionRecord } from '../core/job/manifest.ts';
import { isMetric } from '../core/quality/metric.ts';
import { targetFor } from '../core/quality/target.ts';
import { toolsText } from '../core/renditions/remake.ts';
import { toNumber } from '../core/units.ts';
import { type Enlargement, modelOf } from '../core/upscale/enlargement.ts';
import { checksOf } from '../core/verify/checks.ts';
import type { Evidence } from '../core/verify/evidence.ts';
import { uncheckedSounds } from '../core/verify/sound-checks.ts';
import type { Encoded } from './encode-segments.ts';
import type { Joined } from './join-rendition.ts';
import type { SourceFacts } from './read-source.ts';
import type { Draft, MadeRendition, RenditionWork } from './work.ts';

/** What the manifest says of a rendition, from what was found in its file; with the warnings, and the file as a parent of others. */
export async function recordOf(
  draft: Draft,
  { joined, evidence, count }: { readonly joined: Joined; readonly evidence: Evidence; readonly count: Encoded },
  { ports, tracking, settings }: RenditionWork,
): Promise<Omit<MadeRendition, 'file'>> {
  const { rendition, segments, spec, plans, source } = draft;
  const { path, plan } = joined;
  const { encoded, reused } = count;
  const options = { signal: tracking.signal, onProgress: () => {} };
  const frames = evidence.decoded.frames;
  const equal = { metric: 'lossless' as const, mean: 1, min: 1, sampledFrames: frames };
  const quality = evidence.lossless ? equal : (evidence.quality?.quality ?? equal);
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

const modelRecord = (enlarge: Enlargement): RenditionRecord['model'] => {
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

/** The muxers that write renditions; the demuxers that read sources have longer names. */
const MUXER = /^\[(mp4|mov|matroska|webm) @/;

/** Damage inside the source is no reason to refuse it. The first message of its demuxer or decoders becomes a warning. */
function damageWarnings(said: readonly string[]): readonly string[] {
  const first = said.find((line) => !/^\s*Last message repeated/.test(line) && !MUXER.test(line));
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
