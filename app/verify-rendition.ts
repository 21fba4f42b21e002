import type { RenditionRecord } from '../core/manifest.ts';
import { mainVideo } from '../core/media/probe.ts';
import type { QualityTask } from '../core/ports/media.ts';
import { toNumber } from '../core/units.ts';
import { checksOf, type Evidence } from '../core/verify/checks.ts';
import type { Encoded } from './encode-segments.ts';
import type { Joined } from './join-rendition.ts';
import { progressMeter } from './progress-meter.ts';
import type { Draft, MadeRendition, Work } from './work.ts';

/** Reads a joined file back, every part of it, and says what was found; passes no judgement. */
export async function verifyRendition(
  draft: Draft,
  joined: Joined,
  work: Work,
  count: Encoded,
): Promise<MadeRendition> {
  await work.tracking.record({ status: 'verifying' });
  return work.watch.time('verify', async () => {
    const evidence = await gather(draft, joined, work);
    return { ...(await recordOf(draft, { joined, evidence, count }, work)), file: joined.path };
  });
}

async function gather(draft: Draft, { path, plan }: Joined, { request, ports, tracking }: Work): Promise<Evidence> {
  const { source, spec, plans, rendition } = draft;
  const { media } = ports;
  const { signal } = tracking;
  const total = source.cut.times.length;
  const framesPerSecond = total / (source.probe.durationSeconds || total);
  const meter = progressMeter(
    request.id,
    { phase: 'verify', rendition: rendition.name, total, framesPerSecond },
    ports.clock,
    tracking.emit,
  );
  const { probe } = await media.inspect(path, signal);
  const survey = await media.survey(
    { path, probe, stream: mainVideo(probe)?.index ?? 0 },
    { signal, onProgress: () => {} },
  );
  const decoded = await media.decodeFully(path, { signal, onProgress: (frames) => meter.running('decode', frames) });
  meter.ended('decode', decoded.frames);
  const task: QualityTask = {
    source: { path: source.path, probe: source.probe, stream: source.main.index },
    times: source.cut.times,
    timeBase: source.index.timeBase,
    spec,
    rendition: path,
    sequential: source.cut.access === 'feed',
  };
  const lossless = spec.quality === 'lossless';
  const options = { signal, onProgress: () => {} };
  return {
    spec,
    source: { probe: source.probe, video: source.main.video, streams: source.streams },
    seconds: source.cut.times.map((ticks) => ticks * source.tickSeconds),
    plans,
    mainStream: source.main.index,
    timecode: plan.timecode,
    output: { probe, survey },
    decoded,
    lossless: lossless ? await media.compareFrames(task, options) : undefined,
    quality: lossless ? undefined : await media.measureQuality(task, options),
  };
}

async function recordOf(
  draft: Draft,
  { joined, evidence, count }: { readonly joined: Joined; readonly evidence: Evidence; readonly count: Encoded },
  { ports, tracking, settings, tools }: Work,
): Promise<Omit<MadeRendition, 'file'>> {
  const { rendition, segments, spec, plans, source } = draft;
  const { path, plan } = joined;
  const { encoded, reused } = count;
  const options = { signal: tracking.signal, onProgress: () => {} };
  const frames = evidence.decoded.frames;
  const quality = evidence.quality?.quality ?? { metric: 'lossless' as const, mean: 1, min: 1, sampledFrames: frames };
  const record: RenditionRecord = {
    name: rendition.name,
    path: `${rendition.name}.${plan.container}`,
    bytes: evidence.output.probe.bytes,
    sha256: await ports.media.hash(path, options),
    parent: rendition.parent,
    codec: 'hevc',
    codecString: await ports.media.codecString(path, tracking.signal),
    width: spec.size.width,
    height: spec.size.height,
    frames,
    durationSeconds: evidence.output.probe.durationSeconds ?? 0,
    tickSeconds: toNumber(evidence.output.survey.index.timeBase),
    command: ports.media.command(draft.spec),
    tool: Object.entries(tools)
      .map((tool) => tool.join(' '))
      .join(', '),
    segments: { total: segments.length, encoded, reused },
    quality: {
      ...quality,
      ...(settings.vmaf !== undefined && { target: settings.vmaf }),
      ...(draft.projected !== undefined && { projected: draft.projected }),
    },
    checks: [...checksOf(evidence)],
  };
  const losses = draft.losses.map(
    (loss) => `${rendition.name} cannot hold ${loss} of ${source.main.video.pixelFormat}`,
  );
  const warnings = [...source.warnings, ...losses, ...damageWarnings([...count.damage, ...joined.damage])];
  return { record, plans, series: evidence.quality?.series ?? [], warnings };
}

/** Damage inside the source is no reason to refuse it; what its decoders say of it is passed on, once. */
function damageWarnings(said: readonly string[]): readonly string[] {
  const first = said.find((line) => !/^\s*Last message repeated/.test(line));
  return first === undefined ? [] : [`the source is damaged in places, and decodes with errors there: ${first}`];
}
