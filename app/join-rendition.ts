import { codecOf } from '../core/codecs/index.ts';
import type { JoinPlan } from '../core/encode/join-args.ts';
import { joinTimes, neededExactTimes } from '../core/encode/join-times.ts';
import { timescaleOf } from '../core/encode/timescale.ts';
import { fragmentSeconds } from '../core/film/fragments.ts';
import { madeEquirectangular, projectionOf, type Spherical, scaledTo } from '../core/film/spherical.ts';
import { type Container, containerOf } from '../core/settings/delivery.ts';
import { parseRational, type Rational, times, toNumber } from '../core/units.ts';
import type { Encoded } from './encode-segments.ts';
import { corruptPieces } from './piece-records.ts';
import type { SourceFacts } from './read-source.ts';
import { type Draft, pieceKey, type RenditionWork } from './work.ts';

export type Joined = { readonly path: string; readonly plan: JoinPlan; readonly damage: readonly string[] };

/** Keys of pieces that are no longer what was put into the cache. */
export type CorruptPieces = { readonly corrupt: readonly string[] };

/** The pieces and the source's other streams in one file, not yet verified. */
export async function joinRendition(
  draft: Draft,
  work: RenditionWork,
  { reused }: Pick<Encoded, 'reused'>,
): Promise<Joined | CorruptPieces> {
  const { ports, tracking, watch, settings, folder } = work;
  const { source, segments, plans, spec, rendition } = draft;
  const { timeFactor } = spec;
  await tracking.record({ status: 'joining' });
  const pieces = await Promise.all(segments.map(({ key }) => ports.cache.fetch(pieceKey(key), tracking.signal)));
  const container = containerOf(rendition.delivery, settings);
  const seconds = (frame: number) => (source.cut.times[frame] ?? 0) * tickSecondsOf(source, timeFactor);
  const filmSeconds = seconds(source.cut.times.length - 1) - seconds(0);
  const timeBase = timeFactor ? times(source.index.timeBase, timeFactor) : source.index.timeBase;
  const { firstSeconds, durations, amends } = joinTimes({
    ...{ starts: segments.map(({ start }) => start), times: source.cut.times, timeBase },
    delaySeconds: delayOf(rendition, source),
  });
  const frameRate = parseRational(spec.frameRate) ?? { num: 25, den: 1 };
  const plan: JoinPlan = {
    pieces: pieces.map(({ path }, i) => ({ path, durationSeconds: durations[i] })),
    source: source.path,
    access: source.probe.access,
    streams: plans,
    mainStream: source.main.index,
    firstSeconds,
    sourceOffsetSeconds: delayOf(rendition, source),
    timescale: timescaleOf(timeBase, source.cut.times, source.lastSeconds),
    exactTimes: neededExactTimes({ amends, timeBase, frameSeconds: 1 / toNumber(frameRate), last: lastPicture(draft) }),
    container,
    tag: codecOf(spec).tag,
    fragmentSeconds: rendition.delivery === 'stream' ? fragmentSeconds(filmSeconds) : undefined,
    video: source.main.video,
    sar: spec.sar,
    timecode: draft.timecode,
    timeFactor,
    spherical: container === 'mov' ? undefined : await sphereOf(draft, work, container),
    output: `${folder}/${rendition.name}.${container}`,
  };
  try {
    const corrupt = reused > 0 ? await corruptPieces(segments, pieces, work) : [];
    if (corrupt.length > 0) return { corrupt };
    const options = { signal: tracking.signal, onProgress: () => {} };
    const damage = await watch.time('join', () => ports.media.join(plan, options));
    return { path: plan.output, plan, damage };
  } finally {
    await Promise.all(pieces.map((piece) => piece.release()));
  }
}

/** How long the last picture is shown, where only the source tells: in an animation each picture has a time of its own. */
function lastPicture({ source, spec, rendition }: Draft) {
  const { lastSeconds, cut } = source;
  if (lastSeconds === undefined) return undefined;
  const packet = cut.times.length - 1;
  const timeFactor = spec.timeFactor ? toNumber(spec.timeFactor) : 1;
  const seconds = (cut.times.at(-1) ?? 0) * tickSecondsOf(source, spec.timeFactor) + delayOf(rendition, source);
  return { packet, seconds, lasts: lastSeconds * timeFactor };
}

/** A tick of the source, as long as it is in the rendition. */
export const tickSecondsOf = ({ tickSeconds }: SourceFacts, timeFactor: Rational | undefined): number =>
  timeFactor ? (tickSeconds * timeFactor.num) / timeFactor.den : tickSeconds;

/** What the source says of spheres, as the rendition is to say it: for its size, and for the sounds it copies. */
async function sphereOf(
  { source, plans, spec, rendition }: Draft,
  { ports, tracking, request, settings }: RenditionWork,
  container: Container,
): Promise<Spherical | undefined> {
  const { path, probe, main } = source;
  const told = await ports.media.spherical({ path, probe, stream: main.index }, tracking.signal);
  const isAsked = settings.projection !== undefined && rendition.parent === 'source';
  const isSaid = told !== undefined && projectionOf(told) === 'equirectangular';
  const found = isAsked && !isSaid ? madeEquirectangular(told) : told;
  if (!found) return undefined;
  const others = plans.filter(({ stream, codecArgs }) => codecArgs && stream.index !== main.index);
  for (const { stream, codecArgs } of others) {
    const isKept = container === 'mp4' && codecArgs?.[0] === 'copy';
    if (isKept || !found.sa3d.has(stream.index)) continue;
    const why =
      container === 'mkv'
        ? 'Matroska has no mark for it'
        : `it is made into ${codecArgs?.[0]}, in which nothing says that they are one`;
    const message = `the sound field of stream ${stream.index} becomes plain channels: ${why}`;
    tracking.emit({ type: 'warning', job: request.id, message });
  }
  const sounds = others.flatMap(({ stream, codecArgs }, i) => {
    const box = container === 'mp4' && codecArgs?.[0] === 'copy' ? found.sa3d.get(stream.index) : undefined;
    return box ? [[i + 1, box] as const] : [];
  });
  return { ...scaledTo(found, main.video, spec.size), sa3d: new Map(sounds) };
}

/**
 * Fragmented files whose sound has encoder delay begin before 0, by ffmpeg's count; what counts is 0, where the picture
 * begins. Other deliveries count from the beginning of the file, as ffmpeg does.
 */
export const delayOf = ({ delivery }: Draft['rendition'], { probe }: SourceFacts): number =>
  delivery === 'stream' ? Math.min(0, probe.startSeconds) : 0;
